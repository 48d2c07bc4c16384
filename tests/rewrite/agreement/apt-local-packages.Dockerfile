FROM debian:12
COPY app.deb /tmp/app.deb
RUN apt-get install -y --no-install-recommends /tmp/app.deb
USER 1000
