#!/bin/sh
set -e
envsubst '$GREETING' < /etc/nginx/site.conf.template > /etc/nginx/conf.d/site.conf
exec "$@"
