"""Versions of RPM packages, ``[epoch:]version[-release]``: rpm-version(7)."""

from __future__ import annotations

import re
from functools import lru_cache

from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[0-9A-Za-z._+~^:-]+")
_SEGMENTS = re.compile(r"~|\^|[A-Za-z]+|[0-9]+")
#: A tilde sorts before the end of a version, a caret and everything else behind it; letters before numbers.
_RANKS = {"~": 0, "^": 2}
_END, _LETTERS, _NUMBER = 1, 3, 4

Segments = tuple[tuple[int] | tuple[int, str] | tuple[int, int], ...]


@lru_cache(maxsize=CACHED)
def key(version: str) -> tuple[int, Segments, Segments]:
    """What sorts as rpm sorts. No epoch is epoch 0, no release is before every release."""
    before, colon, after = checked(version, _ALLOWED).partition(":")
    epoch, rest = (before or "0", after) if colon else ("0", before)
    if not (epoch.isascii() and epoch.isdecimal()):
        raise ValueError(f"{version!r} has no number before its first colon")
    name, dash, release = rest.rpartition("-") if "-" in rest else (rest, "", "")
    if not name:
        raise ValueError(f"{version!r} is no RPM version")
    return int(epoch), _segments(name), _segments(release) if dash else ()


def _segments(text: str) -> Segments:
    return (*map(_segment, _SEGMENTS.findall(text)), (_END,))


def _segment(text: str) -> tuple[int] | tuple[int, str] | tuple[int, int]:
    if text in _RANKS:
        return (_RANKS[text],)
    return (_NUMBER, int(text)) if text.isdecimal() else (_LETTERS, text)
