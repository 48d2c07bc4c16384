FROM debian:12
ARG AUTHOR=somebody
ENV PUBLIC_URL=https://example.com KEYBOARD=de
USER 1000
