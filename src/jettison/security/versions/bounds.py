"""How long a version or a constraint may be, and how many parsed ones are remembered."""

from __future__ import annotations

import re

#: The longest among 160,000 in advisories of eight ecosystems has 59 characters.
LONGEST_VERSION = 256
#: Constraints name several versions: the longest of the advisories for Node.js, PHP, Ruby and Rust has 83.
LONGEST_CONSTRAINT = 2048
#: Parsed versions and constraints that each scheme keeps.
CACHED = 1 << 14


def checked(version: str, allowed: re.Pattern[str]) -> str:
    """The version as it is, if it is short enough and all of it matches; otherwise ``ValueError``."""
    if len(version) > LONGEST_VERSION:
        raise ValueError(f"a version of {len(version)} characters")
    if not allowed.fullmatch(version):
        raise ValueError(f"{version!r} is no version")
    return version


def constraint(text: str) -> str:
    """The constraint without the spaces around it; ``ValueError`` if it is too long."""
    if len(text) > LONGEST_CONSTRAINT:
        raise ValueError(f"a constraint of {len(text)} characters")
    return text.strip()
