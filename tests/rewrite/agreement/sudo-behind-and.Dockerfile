FROM centos:7
RUN make && sudo -E make install
USER 1000
