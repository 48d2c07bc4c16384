FROM debian:12
RUN make || echo "a | b"
USER 1000
