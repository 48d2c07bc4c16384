#!/bin/sh
echo "Content-Type: text/plain"
echo
awk -F: '{ n += length($1) } END { print "letters:", n > 0 }' /etc/passwd
printf "%s" abc | sha256sum | cut -c1-8
