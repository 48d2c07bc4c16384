FROM debian:12
COPY data.gz /tmp/
RUN gunzip /tmp/data.gz
USER 1000
