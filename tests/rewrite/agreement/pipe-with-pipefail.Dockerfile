FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN sort /etc/passwd | uniq > /users
USER 1000
