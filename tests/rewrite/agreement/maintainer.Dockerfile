FROM debian:12
MAINTAINER Somebody <somebody@example.com>
USER 1000
