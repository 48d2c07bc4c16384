FROM python:3.12
WORKDIR /srv
COPY . .
RUN pip install --no-cache-dir . && pip install --no-cache-dir ./plugins/one && pip install --no-cache-dir dist/app.whl
USER 1000
