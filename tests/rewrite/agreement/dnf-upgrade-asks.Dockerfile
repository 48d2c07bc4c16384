FROM fedora:40
RUN dnf upgrade && dnf clean all
USER 1000
