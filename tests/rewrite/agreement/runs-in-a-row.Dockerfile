FROM debian:12
RUN make one
RUN make two
# why three
RUN make three
USER 1000
