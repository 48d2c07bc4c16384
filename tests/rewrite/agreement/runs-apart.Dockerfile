FROM debian:12
RUN make one
ENV A=1
RUN make two
USER 1000
