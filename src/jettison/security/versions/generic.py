"""Versions of programs that belong to no ecosystem, and Bitnami's: numbers with dots, as most projects count."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jettison.security.versions import semver
from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[0-9A-Za-z.+_~-]+")
_VERSION = re.compile(
    r"v?(?P<numbers>[0-9]+(?:\.[0-9]+)*)(?P<letters>(?:[A-Za-z]+[0-9]*)?)"
    r"(?:[-_~](?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
_LETTERS = re.compile(r"([A-Za-z]+)([0-9]*)")
_SEPARATORS = re.compile(r"[.-]")
_PREVIEWS = ("dev", "alpha", "beta", "pre", "preview", "rc")

Key = tuple[tuple[int, ...], tuple[Any, ...], tuple[Any, ...]]


@lru_cache(maxsize=CACHED)
def key(version: str) -> Key:
    """The numbers without zeros at the end, the letters behind them, the preview or the build.

    Letters behind the numbers are a later version (OpenSSL's 1.1.1w, OpenSSH's 9.6p1), unless they say that it is a
    preview (``3.0.0beta2``). A number behind a hyphen counts builds, as Bitnami's and distributions' do.
    """
    match = _VERSION.fullmatch(checked(version, _ALLOWED))
    if match is None:
        raise ValueError(f"{version!r} is no version")
    numbers = [int(number) for number in match["numbers"].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    letters = _LETTERS.fullmatch(match["letters"].lower())
    word, number = (letters[1], letters[2]) if letters else ("", "")
    if word in _PREVIEWS:
        return tuple(numbers), (0, _PREVIEWS.index(word), int(number or "0")), _suffix(match["pre"] or "")
    return tuple(numbers), (1, word, int(number or "0")), _suffix(match["pre"] or "")


def _suffix(text: str) -> tuple[Any, ...]:
    """Previews are before the version itself, builds after it; build 0 is the version itself."""
    if text and not text[0].isdecimal():
        return semver.preview(text)
    parts = [(0, int(part)) if part.isdecimal() else (1, part) for part in _SEPARATORS.split(text) if part]
    while parts and parts[-1] == (0, 0):
        parts.pop()
    return (1, tuple(parts))
