FROM debian:12
RUN mkdir -p /work && cd /work
USER 1000
