FROM debian:12 AS base
WORKDIR /srv
FROM base
COPY app bin/app
USER 1000
