FROM python:3.12
RUN uv pip install --no-cache flask
USER 1000
