FROM centos:7
RUN yum install -y https://example.com/epel.rpm && yum clean all
USER 1000
