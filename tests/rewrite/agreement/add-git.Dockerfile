FROM debian:12
ADD git@github.com:example/thing.git /srv
USER 1000
