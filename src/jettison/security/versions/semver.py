"""Semantic Versioning 2.0.0, which npm, Go and Cargo order their versions by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jettison.security.versions.bounds import CACHED, checked

_ALLOWED = re.compile(r"[0-9A-Za-z.+-]+")
_VERSION = re.compile(
    r"(?P<major>[0-9]+)\.(?P<minor>[0-9]+)\.(?P<patch>[0-9]+)"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
#: Behind the numbers: a release is later than each of its previews.
RELEASE: tuple[Any, ...] = (1,)

Key = tuple[int, int, int, tuple[Any, ...]]


@lru_cache(maxsize=CACHED)
def key(version: str) -> Key:
    """Major, minor, patch, and what orders the preview (section 11); build metadata does not count."""
    match = _VERSION.fullmatch(checked(version, _ALLOWED))
    if match is None:
        raise ValueError(f"{version!r} is no semantic version")
    return int(match["major"]), int(match["minor"]), int(match["patch"]), preview(match["pre"])


def preview(text: str | None) -> tuple[Any, ...]:
    """What orders the identifiers of a preview: numbers first, then text; fewer before more."""
    if text is None:
        return RELEASE
    return (0, tuple((0, int(part)) if part.isdecimal() else (1, part) for part in text.split(".")))
