FROM debian:12
ONBUILD ADD . /srv
ONBUILD RUN apt-get install curl
ONBUILD COPY a b /srv
USER 1000
