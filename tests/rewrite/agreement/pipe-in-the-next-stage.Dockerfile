FROM debian:12 AS one
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN sort /etc/passwd | uniq > /users
FROM debian:12
RUN sort /etc/passwd | uniq > /users
USER 1000
