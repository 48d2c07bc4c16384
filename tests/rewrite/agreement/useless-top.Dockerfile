FROM debian:12
RUN free
USER 1000
