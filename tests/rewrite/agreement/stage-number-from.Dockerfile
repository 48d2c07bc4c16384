FROM debian:12 AS one
FROM one
COPY --from=one /a /b
USER 1000
