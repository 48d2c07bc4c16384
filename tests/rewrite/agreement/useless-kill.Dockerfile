FROM debian:12
RUN (server & echo $! > /pid) && sleep 1 && kill "$(cat /pid)"
USER 1000
