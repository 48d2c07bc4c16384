FROM debian:12
COPY --from=busybox:1.36 /bin/busybox /bin/busybox
USER 1000
