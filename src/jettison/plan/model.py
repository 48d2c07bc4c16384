"""The plan: every path that stays, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jettison.closure.model import Evidence
from jettison.configuration import Keep


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


#: What the user asked for beside the policy: it is written in a ``jettison.toml`` as it is used here.
Wishes = Keep


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
