FROM debian:12
USER 1000
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
