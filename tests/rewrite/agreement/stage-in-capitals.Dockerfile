FROM debian:12 AS Builder
RUN make
FROM debian:12
COPY --from=builder /out /out
USER 1000
