"""What is tried, and what came of it. Sizes are in bytes, times in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from jettison import builder
from jettison.bases import Variant
from jettison.configuration import BaseEntry
from jettison.oci.image import Image
from jettison.report.model import Measure
from jettison.verify import Verdict

#: The recipe that copies what was observed.
OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to search. ``only`` are names of recipes, all without; ``time_limit`` begins no candidate after it."""

    max_candidates: int = 8
    time_limit: float | None = None
    only: Sequence[str] = ()
    mirror: str = ""
    offline: bool = False
    insecure: bool = False
    extra: Sequence[BaseEntry] = ()
    build: builder.Options = field(default_factory=builder.Options)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A Dockerfile that may do. ``base`` is ``None`` where its last stage stands on nothing.

    ``expected_bytes`` is the size on disk that orders candidates; ``reason`` says why it is not to be tried.
    """

    recipe: str
    dockerfile: str
    base: Variant | None = None
    expected_bytes: int | None = None
    notes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """The recipe, and the image that it stands on."""
        return f"{self.recipe} on {self.base.reference if self.base else 'scratch'}"


class Outcome(StrEnum):
    """What came of a candidate."""

    WORKS = "works"
    DIFFERS = "differs"
    NOT_BUILT = "not built"
    RULED_OUT = "ruled out"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate with its result; ``reason`` says why it fell out. ``dockerfile`` may have been healed."""

    proposal: Proposal
    outcome: Outcome
    reason: str = ""
    dockerfile: str = ""
    image: Image | None = None
    size: Measure | None = None
    verdict: Verdict | None = None
    build_seconds: float = 0.0
    probe_seconds: float = 0.0
    healed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuned:
    """Every candidate, those that work first, smallest first; ``best`` is the first of them, if it is smaller."""

    tried: tuple[Tried, ...]
    best: Tried | None
