FROM debian:12
USER 1000
HEALTHCHECK CMD ["/bin/one"]
HEALTHCHECK --interval=5s CMD ["/bin/two"]
