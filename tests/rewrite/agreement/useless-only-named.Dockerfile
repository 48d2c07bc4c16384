FROM debian:12
RUN which vim ssh top
USER 1000
