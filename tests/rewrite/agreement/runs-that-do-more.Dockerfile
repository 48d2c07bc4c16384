FROM debian:12
RUN make one && make two
RUN make three
RUN --mount=type=cache,target=/cache make four
RUN --network=none make five
USER 1000
