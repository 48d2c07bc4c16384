"""The plan: every path that stays, with its evidence; every path that goes, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jettison.closure.model import Evidence


class Policy(StrEnum):
    """How much beyond the observed is kept; DESIGN, "Policy has three levels"."""

    SAFE = "safe"
    BALANCED = "balanced"
    TIGHT = "tight"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for beside the policy. Patterns are shell globs on absolute paths, ``**`` crosses ``/``."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    binaries: tuple[str, ...] = ()
    shell: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``keep``: path -> evidence, closed under parents and links. ``rewritten``: path -> new content of a record."""

    policy: Policy
    keep: Mapping[str, tuple[Evidence, ...]]
    rewritten: Mapping[str, bytes] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
