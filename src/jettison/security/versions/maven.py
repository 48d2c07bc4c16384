"""Versions of Maven artifacts: the version order specification of Maven's POM reference."""

from __future__ import annotations

import re
from functools import cmp_to_key, lru_cache
from typing import Any

from jettison.security.versions.bounds import CACHED, checked

#: Maven takes anything; a property that was not filled in (``${project.version}``) is no version all the same.
_ALLOWED = re.compile(r"[0-9A-Za-z._+~-]+")
_TOKENS = re.compile(r"[0-9]+|[.-]|[^0-9.-]+")
_QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
#: A qualifier that is not among the known ones comes after them, by its text.
_KNOWN, _UNKNOWN = range(2)

#: A number, a qualifier's place, or what follows a hyphen: a list of the same.
Qualifier = tuple[int, int | str]
Item = int | Qualifier | list[Any]
RELEASE: Qualifier = (_KNOWN, _QUALIFIERS.index(""))


@lru_cache(maxsize=CACHED)
def key(version: str) -> Any:
    """What sorts as Maven sorts."""
    return cmp_to_key(_compare_items)(_parsed(checked(version, _ALLOWED).lower()))


def _parsed(version: str) -> list[Any]:
    """Numbers and qualifiers; a list begins after each hyphen and wherever digits and other text meet."""
    lists: list[list[Any]] = [[]]
    tokens = _TOKENS.findall(version)
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else "."
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in ".-":
            if before in ".-":
                lists[-1].append(0)
            if token == "-":
                _open(lists)
        elif token[0] in "0123456789":
            if before not in ".-":
                _open(lists)
            lists[-1].append(int(token))
        else:
            if (before not in ".-") or (lists[-1] and after not in (".", "-")):
                _open(lists)
            lists[-1].append(_qualifier(token, followed=after[:1].isdecimal()))
    for items in reversed(lists):
        _trim(items)
    return lists[0]


def _open(lists: list[list[Any]]) -> None:
    """Begin a list inside the last one."""
    opened: list[Any] = []
    lists[-1].append(opened)
    lists.append(opened)


def _qualifier(text: str, followed: bool) -> Qualifier:
    text = _SHORT.get(text, text) if followed else text
    text = _ALIASES.get(text, text)
    return (_KNOWN, _QUALIFIERS.index(text)) if text in _QUALIFIERS else (_UNKNOWN, text)


def _trim(items: list[Any]) -> None:
    """Take away what is nothing (0, ``final``, an empty list) from the end, and from before lists that end it."""
    for place in reversed(range(len(items))):
        if items[place] in (0, RELEASE, []):
            del items[place]
        elif not isinstance(items[place], list):
            break


def _compare_items(one: Item | None, other: Item | None) -> int:
    """Where they are of different kinds: a qualifier is before a list, a list before a number."""
    if one is None or other is None:
        return _against_nothing(one) if other is None else -_against_nothing(other)
    kinds = _kind(one), _kind(other)
    if kinds[0] != kinds[1]:
        return _sign(*kinds)
    if isinstance(one, list) and isinstance(other, list):
        return _compare_lists(one, other)
    return _sign(one, other)


def _compare_lists(one: list[Any], other: list[Any]) -> int:
    for place in range(max(len(one), len(other))):
        pair = [items[place] if place < len(items) else None for items in (one, other)]
        if result := _compare_items(pair[0], pair[1]):
            return result
    return 0


def _against_nothing(item: Item | None) -> int:
    """The order of an item where the other version has ended."""
    if isinstance(item, list):
        return next((result for each in item if (result := _against_nothing(each))), 0)
    if item is None or isinstance(item, int):
        return 1 if item else 0
    return _sign(item, RELEASE)


def _kind(item: Item) -> int:
    return 0 if isinstance(item, tuple) else 1 if isinstance(item, list) else 2


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)
