"""Versions of Python distributions: PEP 440."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from jettison.security.versions.bounds import CACHED, checked, constraint

_ALLOWED = re.compile(r"[0-9A-Za-z.!+_-]+")


@lru_cache(maxsize=CACHED)
def key(version: str) -> Version:
    """``ValueError`` for versions from before PEP 440, which have no order in it."""
    return Version(checked(version.strip(), _ALLOWED))


def satisfies(version: str, text: str) -> bool:
    """Whether all specifiers that commas separate hold; previews count."""
    return _specifiers(text).contains(key(version), prereleases=True)


@lru_cache(maxsize=CACHED)
def _specifiers(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(constraint(text))
    except InvalidSpecifier as error:
        raise ValueError(f"{text!r} is no constraint") from error
