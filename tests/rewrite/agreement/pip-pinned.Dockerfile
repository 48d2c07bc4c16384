FROM python:3.12
RUN pip install --no-cache-dir flask==3.0.3 'requests>=2,<3' gunicorn~=22.0 "uvicorn[standard]==0.30.1"
USER 1000
