find "$1" -type f | sort | head -n 1
ls "$1" | wc -l
