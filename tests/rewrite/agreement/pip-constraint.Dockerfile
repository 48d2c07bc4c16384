FROM python:3.12
RUN pip install --no-cache-dir -c constraints.txt flask
USER 1000
