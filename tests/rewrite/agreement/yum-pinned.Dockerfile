FROM centos:7
RUN yum install -y httpd-2.4.6 gcc-c++-4.8.5 && yum clean all
USER 1000
