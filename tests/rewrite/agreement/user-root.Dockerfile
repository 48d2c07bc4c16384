FROM debian:12
RUN make install
USER root
