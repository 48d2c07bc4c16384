FROM debian:12
COPY --from=busybox /bin/busybox /bin/busybox
USER 1000
