FROM debian:12
RUN sort /etc/passwd | uniq > /users
USER 1000
