FROM python:3.12
RUN pip install --no-cache-dir --timeout 60 flask==3.0.3
USER 1000
