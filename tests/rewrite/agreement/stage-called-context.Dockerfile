FROM debian:12 AS context
RUN true
FROM debian:12
COPY --from=context /etc/os-release /release
USER 1000
