FROM debian:12
ARG CURL=7.88.1-10
RUN apt-get update && apt-get install -y --no-install-recommends curl=${CURL} && rm -rf /var/lib/apt/lists/*
USER 1000
