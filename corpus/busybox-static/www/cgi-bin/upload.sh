#!/bin/sh
echo "Content-Type: text/plain"
echo
file=$(mktemp)
cat > "$file"
wc -c < "$file"
rm "$file"
