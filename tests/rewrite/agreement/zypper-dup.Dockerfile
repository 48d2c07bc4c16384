FROM opensuse/tumbleweed:20240601
RUN zypper -n dup && zypper clean
USER 1000
