FROM opensuse/leap:15.6
RUN zypper in httpd=2.4.58 && zypper clean
USER 1000
