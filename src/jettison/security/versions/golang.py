"""Versions of Go modules and of Go itself."""

from __future__ import annotations

import re
from functools import lru_cache

from jettison.security.versions import comparators, semver
from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[\x20-\x7e]+")
_TOOLCHAIN = re.compile(r"(?:go)?(?P<numbers>[0-9]+(?:\.[0-9]+){0,2})(?:(?P<pre>beta|rc)(?P<number>[0-9]+))?")


@lru_cache(maxsize=CACHED)
def key(version: str) -> semver.Key:
    """A semantic version with ``v`` before it, or Go's own: ``go1.21rc2`` is 1.21.0-rc.2 in the advisories.

    What follows a space in Go's own version are experiments it was built with.
    """
    name = checked(version, _ALLOWED).partition(" ")[0]
    own = _TOOLCHAIN.fullmatch(name)
    if own is None:
        return semver.key(name.removeprefix("go").removeprefix("v"))
    numbers = [int(number) for number in own["numbers"].split(".")]
    major, minor, patch = (*numbers, 0, 0)[:3]
    return major, minor, patch, semver.preview(f"{own['pre']}.{own['number']}" if own["pre"] else None)


def satisfies(version: str, text: str) -> bool:
    """Whether all comparators hold: ``>= 1.2.0, < 1.2.5``."""
    return comparators.satisfies(key, version, text)
