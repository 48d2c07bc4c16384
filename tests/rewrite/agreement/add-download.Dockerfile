FROM debian:12
ADD https://example.com/file.bin /srv/file.bin
USER 1000
