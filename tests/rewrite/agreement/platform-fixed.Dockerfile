FROM --platform=linux/amd64 debian:12
USER 1000
