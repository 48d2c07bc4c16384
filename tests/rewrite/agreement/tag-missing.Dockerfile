FROM debian
RUN echo hello
USER 1000
