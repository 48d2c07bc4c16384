FROM debian:12 AS one
CMD ["a"]
FROM debian:12
USER 1000
CMD ["b"]
