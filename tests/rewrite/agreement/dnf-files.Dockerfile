FROM fedora:40
RUN dnf install -y ./thing.rpm && dnf clean all
USER 1000
