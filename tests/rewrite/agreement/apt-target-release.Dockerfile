FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends -t bookworm-backports golang=2:1.21 && rm -rf /var/lib/apt/lists/*
USER 1000
