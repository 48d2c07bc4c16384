FROM opensuse/leap:15.6
RUN zypper dist-upgrade -y && zypper clean
USER 1000
