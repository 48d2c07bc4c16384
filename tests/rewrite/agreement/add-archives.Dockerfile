FROM debian:12
ADD rootfs.tar.gz /
ADD other.tar.xz /
ADD third.tgz /
USER 1000
