FROM debian:12
RUN set -o pipefail && sort /etc/passwd | uniq > /users
USER 1000
