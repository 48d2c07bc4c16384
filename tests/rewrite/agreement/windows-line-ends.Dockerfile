FROM debian
RUN cd /srv && make
USER 1000
