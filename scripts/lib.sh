# What scripts/demo and scripts/test share: packages of the distribution, the virtual environment, the wheel.
# Sourced by them; the current directory is the repository's root.
# shellcheck shell=bash

say() { printf '== %s\n' "$*"; }
die() { printf '%s: cannot go on: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# A system command is often in /usr/sbin, which an ordinary user's PATH lacks on Debian.
export PATH="$PATH:/usr/sbin:/sbin"
# Podman and pip want to know a home directory.
HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "root is needed for '$1': run this as root, or install sudo"
  fi
}

# What a command says is of interest only where it fails.
quietly() {
  local said
  said="$("$@" </dev/null 2>&1)" || die "'$*' failed: $said"
}

# packages WHY NAME...: install the missing ones of a group; one line says which and why.
apt_updated=""
packages() {
  local why="$1" name missing=()
  shift
  for name in "$@"; do
    dpkg-query --show --showformat '${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || missing+=("$name")
  done
  if [ ${#missing[@]} = 0 ]; then
    say "apt: $* ($why): already there"
    return
  fi
  say "apt: $* ($why): installing ${missing[*]}"
  if [ -z "$apt_updated" ]; then
    quietly as_root apt-get update -qq
    apt_updated=yes
  fi
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"
}

# The distribution's own Python, whichever python3 is first in PATH.
PYTHON=/usr/bin/python3

require_distribution() {
  command -v apt-get >/dev/null || die "this script sets up Debian 12 or later and Ubuntu 24.04 or later (no apt-get here)"
  packages "Jettison and its own virtual environment" python3 python3-venv
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "$PYTHON is $("$PYTHON" -V), Jettison needs Python 3.11 or later (Debian 12, Ubuntu 24.04)"
}

# install_jettison EXTRA: the wheel, built from this checkout, in .venv. Does nothing where that has been done.
install_jettison() {
  local extra="$1" state installed=""
  state="$(find src pyproject.toml README.md -type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)"
  [ ! -f .venv/installed ] || installed="$(cat .venv/installed)"
  case "$installed" in "$state $extra" | "$state dev") return ;; esac
  say "wheel: building and installing in .venv"
  [ -x .venv/bin/pip ] || "$PYTHON" -m venv --clear .venv
  rm -rf dist
  local pip=(.venv/bin/pip --disable-pip-version-check)
  quietly "${pip[@]}" wheel --no-deps --wheel-dir dist .
  local wheel=(dist/jettison-*.whl)
  quietly "${pip[@]}" install "${wheel[0]}${extra:+[$extra]}"
  quietly "${pip[@]}" install --no-deps --force-reinstall "${wheel[0]}"
  printf '%s' "$state $extra" >.venv/installed
}
