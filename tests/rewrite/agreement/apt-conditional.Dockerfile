FROM debian:12
ARG DEBUG=
RUN if [ -n "$DEBUG" ]; then apt-get update; apt-get install -y --no-install-recommends gdb; rm -rf /var/lib/apt/lists/*; fi
USER 1000
