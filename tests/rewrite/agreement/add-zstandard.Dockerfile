FROM debian:12
ADD rootfs.tar.zst /
USER 1000
