FROM debian:12 AS build
RUN make
FROM scratch
COPY --from=build / /
USER 1000
