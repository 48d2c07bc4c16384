FROM debian:12
ENV BIN="${ROOT}/bin" \
    ROOT=/srv
USER 1000
