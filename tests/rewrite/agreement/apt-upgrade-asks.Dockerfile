FROM debian:12
RUN apt-get update && apt-get upgrade && rm -rf /var/lib/apt/lists/*
USER 1000
