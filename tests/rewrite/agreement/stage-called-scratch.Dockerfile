FROM debian:12 AS scratch
USER 1000
