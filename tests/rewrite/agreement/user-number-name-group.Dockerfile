FROM debian:12
USER 33:www-data
