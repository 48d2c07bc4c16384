FROM debian:12
LABEL Maintainer="somebody"
LABEL com.docker.thing="x"
LABEL a..b="x"
LABEL 1st="x"
USER 1000
