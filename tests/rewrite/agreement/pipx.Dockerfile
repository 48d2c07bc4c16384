FROM python:3.12
RUN pipx install black
USER 1000
