FROM debian:12 AS one
FROM debian:12 AS one
USER 1000
