FROM python:3.12
RUN pip install --no-cache-dir --index-url https://pypi.example.com/simple --target /opt/lib flask==3.0.3
USER 1000
