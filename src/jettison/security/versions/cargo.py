"""Versions of crates, and Cargo's version requirements, where ``1.2`` means ``^1.2``."""

from __future__ import annotations

from jettison.security.versions import npm, semver
from jettison.security.versions.bounds import constraint
from jettison.security.versions.comparators import holds

key = semver.key


def satisfies(version: str, text: str) -> bool:
    """Whether all requirements that commas separate hold the version.

    Previews count by their order alone, as in RustSec's advisories: a preview of a vulnerable version is vulnerable.
    """
    version_key = key(version)
    parts = [part.strip() for part in constraint(text).split(",")]
    if not all(parts):
        raise ValueError(f"{text!r} is no version requirement")
    bounds = [bound for part in parts for (bounds,) in [npm.parsed(_explicit(part))] for bound in bounds]
    return all(holds(version_key, operator, bound) for operator, bound in bounds)


def _explicit(part: str) -> str:
    """The requirement with the caret that Cargo reads where there is no operator and no wildcard."""
    return part if part[0] in "<>=~^*" or "*" in part else f"^{part}"
