FROM centos:7
RUN yum install -y --enablerepo epel htop-2.2.0 && yum clean all
USER 1000
