FROM debian:12
ADD app.py /srv/
USER 1000
