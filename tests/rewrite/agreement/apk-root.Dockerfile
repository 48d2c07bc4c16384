FROM alpine:3.20
RUN apk add --no-cache --root /rootfs busybox=1.36.1-r29
USER 1000
