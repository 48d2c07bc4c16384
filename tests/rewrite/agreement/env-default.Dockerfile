FROM debian:12
ENV ROOT=/srv BIN=${ROOT:-/opt}/bin
USER 1000
