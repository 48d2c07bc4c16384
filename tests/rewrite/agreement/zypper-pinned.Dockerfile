FROM opensuse/leap:15.6
RUN zypper --non-interactive install httpd=2.4.58 "curl>=8" && zypper clean
USER 1000
