FROM debian:12
LABEL build_date="today" a_="x"
USER 1000
