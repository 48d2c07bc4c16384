#!/bin/sh
# One action per query: /cgi-bin/do.sh?ACTION
share=/usr/share/app
printf 'Content-Type: text/plain\r\n\r\n'
case "$QUERY_STRING" in
  template) sed "s/@NAME@/Reader/" $share/letter.txt ;;
  library) . $share/library.sh; say hello ;;
  awk) awk '{ total += $2 } END { print total }' $share/fruit.txt ;;
  sort) sort -k2n $share/fruit.txt | cut -d' ' -f1 | tr a-z A-Z ;;
  zone) TZ=America/New_York date -d @1500000000 '+%F %T %Z' ;;
  user) id -un ;;
  archive) cd $share && tar cf - fruit.txt | gzip | gunzip | tar tf - ;;
  digest) sha256sum < $share/fruit.txt ;;
  upload) file=$(mktemp /tmp/upload.XXXXXX) && cat > "$file" && wc -c < "$file"; rm -f "$file" ;;
  volume) echo kept > /var/lib/app/note && cat /var/lib/app/note ;;
  sub) sh -c 'echo "from a shell below: $0"' below ;;
  find) find $share -name '*.txt' | xargs -n1 basename | sort ;;
  words) vocabulary=$(printf 'one two two' | tr ' ' '\n' | sort | uniq -c | grep two); echo $vocabulary ;;
  encode) printf 'round trip' | base64 | base64 -d ;;
esac
