FROM debian:12
USER www-data:www-data
