"""Versions of NuGet packages: semantic versions with up to four numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jettison.security.versions import semver
from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[0-9A-Za-z.+-]+")
_VERSION = re.compile(
    r"(?P<numbers>[0-9]+(?:\.[0-9]+){0,3})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)


@lru_cache(maxsize=CACHED)
def key(version: str) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Four numbers, of which missing ones are 0, and the preview, in which letters' case does not count."""
    match = _VERSION.fullmatch(checked(version, _ALLOWED))
    if match is None:
        raise ValueError(f"{version!r} is no version of a NuGet package")
    numbers = [int(number) for number in match["numbers"].split(".")]
    return (*numbers, 0, 0, 0)[:4], semver.preview(match["pre"] and match["pre"].lower())
