FROM debian:12
COPY app.tar.gz /tmp/
RUN tar -czf /tmp/other.tar.gz /srv
USER 1000
