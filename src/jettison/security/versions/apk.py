"""Versions of Alpine packages, ``number{.number}[letter]{_suffix[number]}[~hash][-r#]``: apk-package(5).

As apk does, a version whose beginning can be read is compared by that beginning: it sorts before the one that ends
there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[0-9][\x21-\x7e]*")
_TOKENS = (
    re.compile(r"(?P<digits>[0-9]+)(?P<more>(?:\.[0-9]+)*)(?P<letter>[a-z]?)"),
    re.compile(r"_(?P<suffix>alpha|beta|pre|rc|cvs|svn|git|hg|p)(?P<number>[0-9]*)"),
    re.compile(r"~(?P<hash>[0-9a-f]+)"),
    re.compile(r"-r(?P<revision>[0-9]+)"),
)
_BEFORE = ("alpha", "beta", "pre", "rc")
_AFTER = ("cvs", "svn", "git", "hg", "p")
#: Where two versions differ, the one whose next part has the higher rank is later.
_PRE, _UNREADABLE, _END, _REVISION, _HASH, _SUFFIX_NUMBER, _SUFFIX, _LETTER, _NUMBER = range(9)

Parts = tuple[tuple[Any, ...], ...]


@lru_cache(maxsize=CACHED)
def key(version: str) -> Parts:
    """What sorts as apk sorts; ``ValueError`` for what does not begin with a number."""
    head = _TOKENS[0].match(checked(version, _ALLOWED))
    assert head is not None  # it begins with a digit
    parts: list[tuple[Any, ...]] = [(_NUMBER, int(head["digits"]))]
    parts += [_number(digits) for digits in head["more"].split(".")[1:]]
    parts += [(_LETTER, head["letter"])] if head["letter"] else []
    at = head.end()
    while match := _TOKENS[1].match(version, at):
        parts += _suffix(match["suffix"], match["number"])
        at = match.end()
    if match := _TOKENS[2].match(version, at):
        parts.append((_HASH, match["hash"]))
        at = match.end()
    if match := _TOKENS[3].match(version, at):
        parts.append((_REVISION, int(match["revision"])))
        at = match.end()
    return (*parts, (_END,) if at == len(version) else (_UNREADABLE,))


def _number(digits: str) -> tuple[Any, ...]:
    """A number with a leading zero is compared as text, as a fraction would be, and is before those without."""
    return (_NUMBER, 0, digits) if digits.startswith("0") else (_NUMBER, 1, int(digits))


def _suffix(name: str, number: str) -> list[tuple[Any, ...]]:
    part = (_PRE, _BEFORE.index(name)) if name in _BEFORE else (_SUFFIX, _AFTER.index(name))
    return [part, (_SUFFIX_NUMBER, int(number))] if number else [part]
