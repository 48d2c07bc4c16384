FROM debian:12
RUN apt update && apt install -y --no-install-recommends curl=7.88.1-10 && rm -rf /var/lib/apt/lists/*
USER 1000
