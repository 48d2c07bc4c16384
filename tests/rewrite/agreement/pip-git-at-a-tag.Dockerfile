FROM python:3.12
RUN pip3 install --no-cache-dir git+https://github.com/pallets/flask@3.0.3
USER 1000
