FROM debian:12
RUN useradd --uid=1234567 app
USER 1234567
