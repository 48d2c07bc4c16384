"""Whether an advisory hits a version, and which version has it mended: OSV schema, "Evaluation"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from jettison.errors import Unsupported
from jettison.security.model import Advisory, Range
from jettison.security.versions import registry
from jettison.security.versions.registry import Scheme

#: Kleene's three values: what cannot be told stays unknown unless another part decides.
Answer = bool | None
Key = Callable[[str], Any]
#: Where a constraint begins: ``>= 1.2.3``, ``^1.2.3``, ``~> 1.2``, ``1.2.x``.
_START = re.compile(r"(?:^|[\s,|])(?:>=|=|~>|\^|~)?\s*v?([0-9][0-9A-Za-z.+-]*)")


def is_affected(version: str, advisory: Advisory) -> Answer:
    """Whether the advisory hits the version; ``None`` where that cannot be told.

    It cannot where the ecosystem, the version or a constraint that would decide is unreadable.
    """
    try:
        scheme = registry.of(registry.scheme(advisory.ecosystem))
    except Unsupported:
        return True if version in advisory.versions else None
    excluded = _any(_includes(scheme, version, text) for text in (*advisory.patched, *advisory.unaffected))
    if excluded:
        return False
    included = _included(scheme, version, advisory)
    return included if included is False or excluded is False else None


def fixed_in(version: str, advisory: Advisory) -> str:
    """The lowest version after this one that has it mended, as the advisory writes it; empty if none is known.

    With ranges it is the end of the range that holds the version; otherwise the beginning of a ``patched`` constraint.
    """
    try:
        scheme = registry.of(registry.scheme(advisory.ecosystem))
        key = scheme.key(version)
    except (Unsupported, ValueError):
        return ""
    ends = [each.fixed for each in advisory.ranges if each.fixed and _in_range(scheme.key, version, each)]
    starts = [
        start for text in advisory.patched for start in _starts(scheme.key, text) if _includes(scheme, start, text)
    ]
    later = [end for end in ends or starts if _after(scheme.key, end, key)]
    return min(later, key=scheme.key, default="")


def _included(scheme: Scheme, version: str, advisory: Advisory) -> Answer:
    """Whether ranges, versions or constraints name the version; all do where the advisory has none of them."""
    if not (advisory.ranges or advisory.versions or advisory.vulnerable):
        return True
    if version in advisory.versions:
        return True
    # Where there are ranges they hold what the list names in another spelling as well.
    listed = () if advisory.ranges else (_same(scheme.key, version, each) for each in advisory.versions)
    ranges = (_in_range(scheme.key, version, each) for each in advisory.ranges)
    return _any((*listed, *ranges, *(_includes(scheme, version, text) for text in advisory.vulnerable)))


def _any(answers: Iterable[Answer]) -> Answer:
    """Yes if one is yes; otherwise unknown if one is unknown."""
    found = set(answers)
    return True if True in found else None if None in found else False


def _in_range(key: Key, version: str, within: Range) -> Answer:
    """Introduced at or before the version, and neither fixed at nor last seen before it; ``0`` is before every one."""
    try:
        place = key(version)
        return not (
            (within.introduced not in ("", "0") and place < key(within.introduced))
            or (within.fixed and place >= key(within.fixed))
            or (within.last_affected and place > key(within.last_affected))
        )
    except ValueError:
        return None


def _includes(scheme: Scheme, version: str, text: str) -> Answer:
    try:
        return scheme.includes(version, text)
    except ValueError:
        return None


def _same(key: Key, version: str, listed: str) -> Answer:
    """Whether both are one version. A listed one that is none is not the same as one that is."""
    try:
        place = key(version)
    except ValueError:
        return None
    try:
        return bool(place == key(listed))
    except ValueError:
        return False


def _after(key: Key, end: str, place: Any) -> bool:
    try:
        return bool(key(end) > place)
    except ValueError:
        return False


def _starts(key: Key, text: str) -> Iterator[str]:
    """The versions that a constraint names, with the zeros that their scheme wants: ``>= 1.2`` names 1.2.0."""
    for start in _START.findall(text):
        whole = (start + zeros for zeros in ("", ".0", ".0.0"))
        yield from islice((version for version in whole if _readable(key, version)), 1)


def _readable(key: Key, version: str) -> bool:
    try:
        key(version)
    except ValueError:
        return False
    return True
