"""Constraints made of operators and versions: ``>= 1.2, < 2``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from jettison.security.versions.bounds import CACHED, constraint

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "": eq, "=": eq, "==": eq, "!=": ne, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "<<": lt, ">>": gt
}  # fmt: skip
_SPLIT = re.compile(r"(?P<operator>[<>=!~^]*)(?P<version>[^<>=!^].*)?", re.DOTALL)


@lru_cache(maxsize=CACHED)
def split(text: str) -> tuple[tuple[str, str], ...]:
    """The operators and versions of comparators with commas between them; ``ValueError`` where one is missing."""
    parts = []
    for part in constraint(text).split(","):
        match = _SPLIT.fullmatch(part.strip())
        version = (match["version"] or "").strip() if match else ""
        if match is None or not version:
            raise ValueError(f"{text!r} is no constraint")
        parts.append((match["operator"], version))
    return tuple(parts)


def holds(key: Any, operator: str, bound: Any) -> bool:
    """Whether ``key`` stands to ``bound`` as the operator says; ``ValueError`` for an unknown one."""
    if operator not in _OPERATORS:
        raise ValueError(f"{operator!r} is no operator")
    return _OPERATORS[operator](key, bound)


def satisfies(of: Callable[[str], Any], version: str, text: str) -> bool:
    """Whether a version is in all of the comparators of one of the alternatives that ``||`` separates."""
    key = of(version)
    return any(_all(of, key, split(alternative)) for alternative in text.split("||"))


def _all(of: Callable[[str], Any], key: Any, parts: Iterable[tuple[str, str]]) -> bool:
    return all(holds(key, operator, of(version)) for operator, version in parts)
