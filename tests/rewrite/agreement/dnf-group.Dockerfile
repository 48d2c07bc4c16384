FROM fedora:40
RUN dnf -y group install "Development Tools" && dnf clean all
USER 1000
