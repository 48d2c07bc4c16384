FROM debian:12
ADD app.zip /srv/
USER 1000
