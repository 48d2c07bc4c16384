"""Versions of crates, and Cargo's version requirements, where ``1.2`` means ``^1.2``."""

from __future__ import annotations

from functools import lru_cache

from jettison.security.versions import npm, semver
from jettison.security.versions.bounds import CACHED, constraint
from jettison.security.versions.comparators import holds

key = semver.key


def satisfies(version: str, text: str) -> bool:
    """Whether Cargo would take the version for requirements with commas between them; previews as with npm."""
    bounds = _parsed(text)
    return _all(key(version), bounds) and npm.wanted(key(version), bounds)


def includes(version: str, text: str) -> bool:
    """Whether all requirements hold the version by its order alone, as for RustSec's advisories.

    A preview of a vulnerable version is vulnerable.
    """
    return _all(key(version), _parsed(text))


def _all(version: semver.Key, bounds: tuple[npm.Comparator, ...]) -> bool:
    return all(holds(version, operator, bound) for operator, bound in bounds)


@lru_cache(maxsize=CACHED)
def _parsed(text: str) -> tuple[npm.Comparator, ...]:
    parts = [part.strip() for part in constraint(text).split(",")]
    if not all(parts) or "||" in text:
        raise ValueError(f"{text!r} is no version requirement")
    return tuple(bound for part in parts for bounds in npm.parsed(_explicit(part)) for bound in bounds)


def _explicit(part: str) -> str:
    """The requirement with the caret that Cargo reads where there is no operator and no wildcard."""
    return part if part[0] in "<>=~^*" or "*" in part else f"^{part}"
