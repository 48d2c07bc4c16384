FROM debian:12
RUN echo "$(sort /etc/passwd | head -1)" > /first
USER 1000
