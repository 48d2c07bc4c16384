"""What a shrink found out, as data. Sizes are in bytes, times in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jettison.report.security.model import Security

#: Raised by one whenever a key of the JSON form is removed or changes its meaning; new keys do not raise it.
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """How big an image is.

    ``disk_bytes`` is the sum of its regular files as a container sees them, hard links once;
    ``compressed_bytes`` the sum of its layer blobs, which is what a push or a cold pull moves;
    ``compression`` names how those blobs are compressed, since the two sides may differ.
    """

    disk_bytes: int
    compressed_bytes: int
    files: int
    packages: int
    layers: int
    compression: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """Kept paths of one kind of evidence. A path counts where its strongest evidence is."""

    name: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One kept file and the strongest reason for it."""

    path: str
    bytes: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProbeLine:
    """One probe: what was asked, of which scenario, what the original answered, and whether the small one agreed."""

    scenario: str
    probe: str
    answer: str
    agreed: bool
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Saturation:
    """How many paths a probe was the first to open: when the numbers reach 0, more probes find nothing new."""

    scenario: str
    probe: str
    new_paths: int


@dataclass(frozen=True, slots=True)
class Phase:
    """Wall time of one phase."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Before and after. ``verdict`` is ``same`` where every probe agreed, else ``different``.

    ``outcome`` is ``shrunk``, ``original`` (nothing smaller was found, so the original stays) or ``failed`` (the
    small image differs and could not be healed).
    """

    image: str
    result: str
    digest: str
    outcome: str
    verdict: str
    policy: str
    stripped: bool
    before: Measure
    after: Measure
    categories: tuple[Category, ...] = ()
    largest: tuple[KeptFile, ...] = ()
    probes: tuple[ProbeLine, ...] = ()
    saturation: tuple[Saturation, ...] = ()
    healed: tuple[str, ...] = ()
    rounds: int = 0
    caveats: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    security: Security | None = None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One Dockerfile that was considered. ``outcome``: works, differs, not built, ruled out, not tried, unproved."""

    name: str
    recipe: str
    base: str
    outcome: str
    reason: str = ""
    disk_bytes: int | None = None
    compressed_bytes: int | None = None
    expected_bytes: int | None = None
    build_seconds: float | None = None
    healed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A Dockerfile before and after. ``chosen`` is the name of the candidate whose text ``dockerfile`` is.

    ``before`` and ``after`` are ``None`` where nothing was built: then the text is unproved.
    """

    image: str
    before: Measure | None
    candidates: tuple[CandidateLine, ...]
    chosen: str = ""
    after: Measure | None = None
    dockerfile: str = ""
    probes: tuple[ProbeLine, ...] = ()
    notes: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    security: Security | None = None
    schema_version: int = SCHEMA_VERSION
