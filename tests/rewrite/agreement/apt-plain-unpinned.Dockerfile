FROM debian:12
RUN apt install -y --no-install-recommends curl
USER 1000
