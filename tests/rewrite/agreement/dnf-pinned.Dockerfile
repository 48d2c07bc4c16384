FROM fedora:40
RUN dnf -y install httpd-2.4.59 rpm-sign-4.19.1 && dnf clean all
USER 1000
