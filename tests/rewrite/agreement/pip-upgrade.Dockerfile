FROM python:3.12
RUN python3 -m pip install --no-cache-dir --upgrade pip
USER 1000
