"""What is known of vulnerabilities: advisories, what they hit, and what of an image nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from jettison.packages.inventory import Component, Inventory


class Severity(StrEnum):
    """How bad. ``unknown`` is a severity of its own: nobody has said, which is not the same as low."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEGLIGIBLE = "negligible"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """0 is the worst; ``unknown`` comes last."""
        return list(Severity).index(self)


class Fix(StrEnum):
    """What the one who maintains the package did about it."""

    FIXED = "fixed"  # a later version has it mended
    UNFIXED = "affected"  # none has
    WILL_NOT_FIX = "will not be fixed"
    NOT_AFFECTED = "not affected"  # as the distribution, or a VEX document, says


@dataclass(frozen=True, slots=True)
class Range:
    """Versions from ``introduced`` (``0``: from the first) to before ``fixed``, or up to and with ``last_affected``.

    OSV schema, ``affected[].ranges[].events``. Empty ``fixed`` and ``last_affected``: every later version.
    """

    introduced: str = "0"
    fixed: str = ""
    last_affected: str = ""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One vulnerability in one package of one ecosystem.

    A version is affected where one of ``ranges`` holds it, ``versions`` names it, or a constraint of ``vulnerable``
    holds; not where ``patched`` or ``unaffected`` have it. Constraints are in the ecosystem's own syntax
    (``>= 4.3.0, < 5``, ``^1.2 || 3.x``), each text one alternative. Where there is nothing but ``patched`` and
    ``unaffected``, every other version is affected. ``ecosystem`` is OSV's name with the release
    (``Debian:12``, ``Alpine:v3.20``, ``PyPI``, ``Go``); ``fix`` is what the distribution says of it.
    """

    id: str
    ecosystem: str
    package: str
    aliases: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    vulnerable: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    unaffected: tuple[str, ...] = ()
    severity: Severity = Severity.UNKNOWN
    severity_source: str = ""
    cvss: str = ""
    fix: Fix | None = None
    source: str = ""
    summary: str = ""
    url: str = ""

    @property
    def identifiers(self) -> tuple[str, ...]:
        """All names, the CVE first."""
        names = dict.fromkeys((self.id, *self.aliases))
        return tuple(sorted(names, key=lambda name: (not name.startswith("CVE-"), name)))


@dataclass(frozen=True, slots=True)
class Source:
    """Where advisories came from. ``date`` is that of the newest record or of the download (ISO 8601)."""

    name: str
    date: str
    advisories: int
    ecosystems: tuple[str, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A component that an advisory hits. ``id`` is the CVE where there is one.

    ``fixed_in`` is the version that has it mended; ``known_exploited`` CISA's catalogue; ``epss`` a probability
    (0 to 1); ``suppressed`` says why it is not counted: a VEX statement or a line of the ignore file.
    """

    component: Component
    id: str
    aliases: tuple[str, ...]
    severity: Severity
    severity_source: str
    fix: Fix
    fixed_in: str = ""
    cvss: str = ""
    known_exploited: bool = False
    epss: float | None = None
    source: str = ""
    summary: str = ""
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    """Which database was asked: when it was built (ISO 8601), how many days ago, and what it was built from.

    ``advisories_age_days`` are the days since the newest date of a source that has advisories; ``None``: not known.
    """

    built: str
    age_days: float
    sources: tuple[Source, ...] = ()
    advisories_age_days: float | None = None

    @property
    def oldest_days(self) -> float:
        """The age that a limit is for: the build's or that of what it was built from, whichever is older."""
        return max(self.age_days, self.advisories_age_days or 0.0)


@dataclass(frozen=True, slots=True)
class Scan:
    """An image's inventory and what hits it.

    ``findings`` count, ``suppressed`` do not; ``unknown`` are sentences on what could not be told: no distribution,
    no package records, an ecosystem without advisories, a file that could not be read. While there are any, a count
    of 0 says nothing. ``notes`` are sentences that do not put the count in doubt: what was matched otherwise than
    expected, an entry of the ignore file that is over. ``unchecked`` are the components that have no finding because
    no advisory could be compared with them: none of them is known to be free of any vulnerability.
    """

    image: str
    inventory: Inventory
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()
    database: DatabaseInfo | None = None
    by: str = "jettison"
    notes: tuple[str, ...] = ()
    unchecked: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Two scans, and what became of each finding of the first.

    ``removed`` went with its component, ``remaining`` is still there, ``cannot_tell`` are findings of components
    whose record is gone though files of them remain; ``added`` only the second image has.
    """

    before: Scan
    after: Scan
    removed: tuple[Finding, ...] = ()
    remaining: tuple[Finding, ...] = ()
    cannot_tell: tuple[Finding, ...] = ()
    added: tuple[Finding, ...] = ()
    gone: tuple[Component, ...] = field(default=())
