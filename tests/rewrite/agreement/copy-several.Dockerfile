FROM debian:12
COPY a b /srv
COPY c d /srv/
USER 1000
