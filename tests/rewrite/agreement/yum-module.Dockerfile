FROM rockylinux:9
RUN yum module install -y nodejs && yum clean all
USER 1000
