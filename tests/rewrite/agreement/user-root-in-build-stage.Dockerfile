FROM debian:12 AS build
USER root
RUN make
FROM debian:12
COPY --from=build /out/app /usr/bin/app
USER 1000
