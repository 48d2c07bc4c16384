#!/bin/sh
echo "Content-Type: text/plain"
echo
uptime >/dev/null && echo "place: $PLACE"
id -un
