FROM debian:12
RUN yes | apt-get install --no-install-recommends curl=7.88.1-10
USER 1000
