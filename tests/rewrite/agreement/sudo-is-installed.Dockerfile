FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends sudo=1.9.13p3-1 && rm -rf /var/lib/apt/lists/*
USER 1000
