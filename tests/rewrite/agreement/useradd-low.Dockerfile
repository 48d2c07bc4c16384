FROM debian:12
RUN useradd --uid 1000 app
USER 1000
