FROM python:3.12
COPY requirements.txt /srv/
RUN pip install --no-cache-dir -r /srv/requirements.txt
USER 1000
