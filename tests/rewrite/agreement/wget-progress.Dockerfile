FROM debian:12
RUN wget https://example.com/a
USER 1000
