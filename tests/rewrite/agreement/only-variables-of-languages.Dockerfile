FROM debian:12
ARG PACKAGES
RUN pip install --no-cache-dir ${PACKAGES} && true
USER 1000
