"""The plan: every path that stays, with its evidence."""

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


#: Kinds of evidence, the strongest first: what a path counts as where it has several.
STRENGTH = (
    "executed", "opened", "include", "healed", "config", "script", "elf", "import", "dlopen", "mention",
    "application", "package", "runtime", "essential", "record", "link", "directory",
)  # fmt: skip


def strength(evidence: Evidence) -> tuple[int, str]:
    """A sorting key: strongest first, then by name, so that plans are the same on every run."""
    order = STRENGTH.index(evidence.kind) if evidence.kind in STRENGTH else len(STRENGTH)
    return order, evidence.by


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
    """What stays.

    ``keep``: path -> evidence, strongest first, closed under parents and links, sorted by path. ``rewritten``:
    path -> new content of a package record. ``excluded``: the user's patterns that took paths away. Why another
    path is dropped, ``why`` works out when it is asked.
    """

    policy: Policy
    keep: Mapping[str, tuple[Evidence, ...]]
    rewritten: Mapping[str, bytes] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
