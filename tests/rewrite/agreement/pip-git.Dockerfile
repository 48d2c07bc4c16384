FROM python:3.12
RUN pip install --no-cache-dir git+https://github.com/pallets/flask
USER 1000
