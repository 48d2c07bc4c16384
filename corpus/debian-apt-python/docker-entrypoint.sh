#!/bin/bash
set -e
if [ "$1" = web ]; then
  cd /opt/reports
  sudo -u reports --preserve-env=MPLCONFIGDIR,LANG gunicorn --chdir app --bind unix:/tmp/reports.sock --workers 1 --timeout 90 main:app &
  until [ -S /tmp/reports.sock ]; do sleep 0.1; done
  exec nginx -g 'daemon off;'
fi
exec "$@"
