"""Versions of Debian packages: deb-version(7)."""

from __future__ import annotations

import re
from functools import lru_cache

from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[A-Za-z0-9.+~:-]+")
_PARTS = re.compile(r"([^0-9]*)([0-9]*)")
#: dpkg's epoch is a C ``int``.
_EPOCHS = 2**31

Weights = tuple[tuple[int, ...] | int, ...]


@lru_cache(maxsize=CACHED)
def key(version: str) -> tuple[int, Weights, Weights]:
    """What sorts as dpkg sorts: epoch, upstream version, revision. ``ValueError`` for what is no version."""
    before, colon, after = checked(version, _ALLOWED).partition(":")
    epoch, rest = (before, after) if colon else ("0", before)
    if not epoch.isdecimal() or int(epoch) >= _EPOCHS:
        raise ValueError(f"{version!r} has no number before its first colon")
    upstream, dash, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    if not upstream or (dash and not revision):
        raise ValueError(f"{version!r} is no Debian version")
    return int(epoch), _weights(upstream), _weights(revision)


def _weights(text: str) -> Weights:
    """Text and numbers by turns; the end of the text is worth more than a tilde and less than a letter."""
    weights: list[tuple[int, ...] | int] = []
    for letters, digits in _PARTS.findall(text or "0"):
        weights += [(*map(_weight, letters), 0), int(digits or "0")]
    return tuple(weights)


def _weight(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
