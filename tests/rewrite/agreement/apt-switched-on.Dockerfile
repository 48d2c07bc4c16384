FROM debian:12
RUN apt-get install --no-install-recommends -o APT::Get::Assume-Yes=true curl=7.88.1-10
USER 1000
