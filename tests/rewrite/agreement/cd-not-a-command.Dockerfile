FROM debian:12
RUN echo cd /src
USER 1000
