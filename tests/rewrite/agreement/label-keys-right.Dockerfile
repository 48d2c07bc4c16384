FROM debian:12
LABEL org.opencontainers.image.title="x" com.example.some-thing="y" version=1
USER 1000
