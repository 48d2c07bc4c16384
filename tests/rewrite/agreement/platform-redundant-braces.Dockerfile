FROM --platform=${TARGETPLATFORM} debian:12 AS base
FROM base
USER 1000
