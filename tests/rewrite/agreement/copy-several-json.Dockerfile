FROM debian:12
COPY ["a", "b", "/srv"]
USER 1000
