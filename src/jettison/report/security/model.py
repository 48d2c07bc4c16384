"""Vulnerabilities before and after, as data. Counts are by severity, the worst first; sizes are in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One vulnerability of one package, and where that is; ``layer`` counts from 0, -1 is not known.

    ``fix`` is fixed (``fixed_in`` has it mended), affected, will not be fixed or not affected. ``suppressed`` says
    why it does not count, if it does not.
    """

    id: str
    severity: str
    severity_source: str
    package: str
    version: str
    type: str
    fix: str
    fixed_in: str
    path: str
    layer: int
    instruction: str
    known_exploited: bool
    epss: float | None
    aliases: tuple[str, ...] = ()
    summary: str = ""
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class WeaknessLine:
    """Something about the image itself: a secret, a setuid file, root. ``deleted``: only in a lower layer.

    ``path`` is ``""`` and ``layer`` may be -1 for what is in the configuration; ``line`` counts from 1, 0 is none.
    """

    kind: str
    severity: str
    path: str
    layer: int
    instruction: str
    message: str
    deleted: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class UnownedLine:
    """A program (``elf``), ``script`` or ``archive`` that no package record names."""

    path: str
    kind: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Side:
    """One image. A vulnerability of a package in one version counts once, wherever that lies; ``findings`` has all.

    ``not_known`` are sentences; while there are any, a count of 0 does not mean that there is none. ``notes`` do not
    put the counts in doubt.
    """

    image: str
    distribution: str
    packages: Mapping[str, int]
    counts: Mapping[str, int]
    fixable: int
    known_exploited: int
    findings: tuple[FindingLine, ...] = ()
    suppressed: tuple[FindingLine, ...] = ()
    weaknesses: tuple[WeaknessLine, ...] = ()
    unowned: tuple[UnownedLine, ...] = ()
    unowned_files: int = 0
    unowned_bytes: int = 0
    not_known: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by: str = "jettison"


@dataclass(frozen=True, slots=True)
class Security:
    """One image, or two: then ``before`` is there, and what became of each of its findings."""

    after: Side
    before: Side | None = None
    removed: Mapping[str, int] = field(default_factory=dict)
    remaining: Mapping[str, int] = field(default_factory=dict)
    cannot_tell: Mapping[str, int] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    database: str = ""
    database_age_days: float | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
