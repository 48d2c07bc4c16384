"""Versions and requirements of gems: Gem::Version and Gem::Requirement."""

from __future__ import annotations

import re
from functools import cmp_to_key, lru_cache
from itertools import zip_longest
from typing import Any

from jettison.security.versions.bounds import CACHED, checked
from jettison.security.versions.comparators import holds, split

_ALLOWED = re.compile(r"[0-9][0-9A-Za-z.-]*")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
_SEGMENTS = re.compile(r"[0-9]+|[A-Za-z]+")
#: Text sorts before numbers; a missing segment is the number 0.
_TEXT, _NUMBER = range(2)
_ZERO = (_NUMBER, 0)

Segment = tuple[int, int | str]


@lru_cache(maxsize=CACHED)
def key(version: str) -> Any:
    """What sorts as RubyGems sorts."""
    return cmp_to_key(_compare)(_canonical(_segments(version)))


@lru_cache(maxsize=CACHED)
def _segments(version: str) -> tuple[Segment, ...]:
    if not _VERSION.fullmatch(checked(version, _ALLOWED)):
        raise ValueError(f"{version!r} is no version of a gem")
    found = _SEGMENTS.findall(version.replace("-", ".pre."))
    return tuple((_NUMBER, int(part)) if part.isdecimal() else (_TEXT, part) for part in found)


def _release(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The numbers before the first text."""
    first = next((place for place, (kind, _) in enumerate(segments) if kind == _TEXT), len(segments))
    return segments[:first]


def _canonical(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Without the zeros at the end of the release and at the end of the rest."""
    release = _release(segments)
    return _trimmed(release) + _trimmed(segments[len(release) :])


def _trimmed(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    length = len(segments)
    while length and segments[length - 1] == _ZERO:
        length -= 1
    return segments[:length]


def _compare(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    pairs = zip_longest(one, other, fillvalue=_ZERO)
    return next(((-1 if left < right else 1) for left, right in pairs if left != right), 0)


def satisfies(version: str, text: str) -> bool:
    """Whether all requirements that commas separate hold; ``~> 4.2.5`` is from 4.2.5 to before 4.3."""
    return all(_holds(version, operator, bound) for operator, bound in split(text))


def _holds(version: str, operator: str, bound: str) -> bool:
    if operator != "~>":
        return holds(key(version), operator, key(bound))
    numbers = [int(number) for _, number in _release(_segments(bound))]
    kept = numbers[:-1] or numbers
    above = tuple((_NUMBER, number) for number in (*kept[:-1], kept[-1] + 1))
    return bool(key(version) >= key(bound)) and _compare(_canonical(_release(_segments(version))), above) < 0
