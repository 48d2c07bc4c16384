FROM debian:12
WORKDIR /srv
COPY app bin/app
USER 1000
