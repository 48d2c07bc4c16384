"""Versions and ranges of npm packages, as node-semver reads them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jettison.security.versions import semver
from jettison.security.versions.bounds import CACHED, constraint
from jettison.security.versions.comparators import holds

_PART = r"[0-9]+|[xX*]"
_PARTIAL = re.compile(
    rf"(?P<operator>[<>]=?|=|\^|~>?)?[v=\s]*(?P<major>{_PART})(?:\.(?P<minor>{_PART})(?:\.(?P<patch>{_PART})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?)?)?"
)
_HYPHEN = re.compile(r"\s+-\s+")
_BEHIND_OPERATOR = re.compile(r"(?<=[<>=~^])\s+")
#: Before every preview of a release.
_LOWEST: tuple[Any, ...] = (0, ())

Preview = tuple[Any, ...]
Comparator = tuple[str, semver.Key]


@lru_cache(maxsize=CACHED)
def key(version: str) -> semver.Key:
    """A semantic version; a ``v`` or ``=`` before it is passed over, as npm does."""
    return semver.key(version.strip().lstrip("v=").strip())


def satisfies(version: str, text: str) -> bool:
    """Whether npm would install the version for the range.

    A preview is only in an alternative that names a preview of the same release.
    """
    version_key = key(version)
    return any(_all(version_key, each) and wanted(version_key, each) for each in parsed(text))


def includes(version: str, text: str) -> bool:
    """Whether the range holds the version, previews as well: what ``npm audit`` asks of an advisory."""
    version_key = key(version)
    return any(_all(version_key, alternative) for alternative in parsed(text, previews=True))


@lru_cache(maxsize=CACHED)
def parsed(text: str, previews: bool = False) -> tuple[tuple[Comparator, ...], ...]:
    """The alternatives of a range, each with the comparators that all have to hold.

    With ``previews`` a version of which the end is missing (``1.x``) begins with its first preview.
    """
    lowest = _LOWEST if previews else semver.RELEASE
    return tuple(_alternative(alternative.strip(), lowest) for alternative in constraint(text).split("||"))


def _all(version: semver.Key, comparators: tuple[Comparator, ...]) -> bool:
    return all(holds(version, operator, bound) for operator, bound in comparators)


def wanted(version: semver.Key, comparators: tuple[Comparator, ...]) -> bool:
    """Whether a version is a release, or a preview of a release of which the comparators name a preview."""
    return version[3] == semver.RELEASE or any(
        bound[:3] == version[:3] and bound[3] not in (semver.RELEASE, _LOWEST) for _, bound in comparators
    )


def _alternative(text: str, lowest: Preview) -> tuple[Comparator, ...]:
    if not text:
        return ()
    ends = _HYPHEN.split(text)
    if len(ends) == 2:
        return (*_comparators(">=" + ends[0], lowest), *_comparators("<=" + ends[1], lowest))
    return tuple(each for part in _BEHIND_OPERATOR.sub("", text).split() for each in _comparators(part, lowest))


def _comparators(text: str, lowest: Preview) -> tuple[Comparator, ...]:
    """What one operator and a version, of which the end may be missing, stand for."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no range of npm versions")
    numbers, operator = _numbers(match), match["operator"] or "="
    whole = len(numbers) == 3
    low = (*_three(numbers), semver.preview(match["pre"]) if whole else lowest)
    if operator in ("^", "~", "~>"):
        return _between(low, _next(numbers, _kept(operator, numbers)))
    return ((operator, low),) if whole else _partial(operator, numbers, low)


def _partial(operator: str, numbers: list[int], low: semver.Key) -> tuple[Comparator, ...]:
    """``>1.2`` begins behind all of 1.2, ``<=1.2`` ends there, ``=1.2`` is all of it."""
    after = _next(numbers, len(numbers))
    if after is None:
        return () if operator in ("=", ">=", "<=") else (("<", (0, 0, 0, _LOWEST)),)
    bounds: dict[str, tuple[Comparator, ...]] = {
        ">": ((">=", (*after[:3], low[3])),),
        "<=": (("<", after),),
        "<": (("<", (*low[:3], _LOWEST)),),
        ">=": ((">=", low),),
    }
    return bounds.get(operator) or _between(low, after)


def _between(low: semver.Key, high: semver.Key | None) -> tuple[Comparator, ...]:
    return ((">=", low), ("<", high)) if high else ()


def _numbers(match: re.Match[str]) -> list[int]:
    """The numbers before the first one that is missing or a wildcard."""
    numbers: list[int] = []
    for name in ("major", "minor", "patch"):
        if not (match[name] or "").isdecimal():
            break
        numbers.append(int(match[name]))
    return numbers


def _three(numbers: list[int]) -> tuple[int, int, int]:
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch


def _kept(operator: str, numbers: list[int]) -> int:
    """How many numbers stay: up to the first that is not 0 with a caret, two with a tilde; at most those given."""
    if operator != "^":
        return min(2, len(numbers))
    return next((place + 1 for place, number in enumerate(numbers) if number), len(numbers))


def _next(numbers: list[int], kept: int) -> semver.Key | None:
    """The first version in which one of the first ``kept`` numbers differs; none if nothing is kept."""
    if not kept:
        return None
    major, minor, patch = _three([*numbers[: kept - 1], numbers[kept - 1] + 1])
    return major, minor, patch, _LOWEST
