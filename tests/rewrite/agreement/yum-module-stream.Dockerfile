FROM rockylinux:9
RUN yum module install -y nodejs:20 && yum clean all
USER 1000
