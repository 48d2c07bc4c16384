FROM debian:12
RUN wget --version
USER 1000
