FROM debian:12 AS one
RUN curl -fsSLO https://example.com/a
FROM debian:12
RUN wget -q https://example.com/b
USER 1000
