FROM debian:12
ENV DB_PASSWORD_FILE=/run/secrets/db
USER 1000
