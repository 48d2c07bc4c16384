FROM debian:12
RUN service postgresql start && psql -f schema.sql
USER 1000
