"""Versions of Debian packages and their order (Debian Policy 5.6.12)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from jettison.errors import InvalidInput

#: What ``order`` gives; only there to be compared.
Order: TypeAlias = tuple[tuple[int, str], "Parts", "Parts"]
Parts: TypeAlias = tuple[tuple[tuple[int, ...], tuple[int, str]], ...]

_PAIR = re.compile(r"([^0-9]*)([0-9]*)")
_EPOCH = re.compile(r"[0-9]+\Z")
_UPSTREAM = re.compile(r"[0-9A-Za-z.+:~-]+\Z")
_REVISION = re.compile(r"[0-9A-Za-z.+~]+\Z")
#: The end of a part: after a tilde, before all else.
_END = (0,)
_ZERO = (0, "")


@lru_cache(maxsize=1 << 14)
def order(version: str) -> Order:
    """A key that sorts versions as dpkg does. Raises ``InvalidInput`` for what is no version."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    if not (_EPOCH.match(epoch) and _UPSTREAM.match(upstream) and _REVISION.match(revision)):
        raise InvalidInput(f"cannot read version {version[:200]!r}: not of the form [EPOCH:]UPSTREAM[-REVISION]")
    return _number(epoch), _parts(upstream), _parts(revision)


def _parts(text: str) -> Parts:
    """Non-digits and digits in turn, at least once, up to one end mark; a missing number is 0."""
    pairs = [(_weights(word), _number(digits)) for word, digits in _PAIR.findall(text)]
    while len(pairs) > 1 and pairs[-1] == (_END, _ZERO):
        pairs.pop()
    return (*pairs, (_END, _ZERO))


def _number(digits: str) -> tuple[int, str]:
    """Numbers of any length in their order, without Python's limit on the digits that it converts."""
    stripped = digits.lstrip("0")
    return len(stripped), stripped


def _weights(word: str) -> tuple[int, ...]:
    """Letters come before other characters, a tilde before everything and even before the end."""
    return (*(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in word), *_END)
