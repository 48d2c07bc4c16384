FROM debian:12
COPY . /src
RUN cd /src && make
USER 1000
