FROM debian:12
COPY app bin/app
USER 1000
