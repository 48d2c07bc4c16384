FROM debian:12
LABEL org.opencontainers.image.created="yesterday" \
      org.opencontainers.image.source="nowhere"
USER 1000
