say() { printf "%s, said the library\n" "$1"; }
