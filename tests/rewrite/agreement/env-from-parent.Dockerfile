FROM debian:12 AS base
ENV ROOT=/srv
FROM base
ENV ROOT=${ROOT} BIN=${ROOT}/bin
USER 1000
