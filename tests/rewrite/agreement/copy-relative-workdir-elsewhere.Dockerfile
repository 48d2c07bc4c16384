FROM debian:12 AS other
WORKDIR /srv
FROM debian:12
COPY app ./
USER 1000
