"""Constraints as Maven and NuGet write them: ``[1.0,2.0),[3.0,)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jettison.security.versions import comparators
from jettison.security.versions.bounds import CACHED, constraint

_INTERVAL = re.compile(r"(?P<opening>[\[(])(?P<low>[^\[\](),]*)(?P<comma>,?)(?P<high>[^\[\](),]*)(?P<closing>[\])])")


def satisfies(of: Callable[[str], Any], version: str, text: str) -> bool:
    """Whether one of the intervals holds a version, or, where there is no bracket, all comparators do."""
    if not text.strip().startswith(("[", "(")):
        return comparators.satisfies(of, version, text)
    key = of(version)
    return any(_holds(of, key, *interval) for interval in _intervals(text))


@lru_cache(maxsize=CACHED)
def _intervals(text: str) -> tuple[tuple[str, str, str, str], ...]:
    """Operator and version of each lower end, then of each upper end; no version where the interval is open."""
    rest, found = constraint(text), []
    while rest:
        match = _INTERVAL.match(rest)
        if match is None:
            raise ValueError(f"{text!r} is no constraint")
        found.append(_interval(match))
        rest = rest[match.end() :].lstrip(" ,")
    return tuple(found)


def _interval(match: re.Match[str]) -> tuple[str, str, str, str]:
    low, high = match["low"].strip(), match["high"].strip()
    if not match["comma"]:
        return "=", low + high, "=", low + high
    return ">=" if match["opening"] == "[" else ">", low, "<=" if match["closing"] == "]" else "<", high


def _holds(of: Callable[[str], Any], key: Any, above: str, low: str, below: str, high: str) -> bool:
    holds = [comparators.holds(key, operator, of(end)) for operator, end in ((above, low), (below, high)) if end]
    return all(holds)
