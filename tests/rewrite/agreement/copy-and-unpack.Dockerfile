FROM debian:12
COPY app.tar.gz /tmp/
RUN tar -xzf /tmp/app.tar.gz -C /srv && rm /tmp/app.tar.gz
USER 1000
