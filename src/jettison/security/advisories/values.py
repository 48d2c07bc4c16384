"""What a source tells, one record at a time."""

from __future__ import annotations

from dataclasses import dataclass

from jettison.security.model import Advisory, Severity


@dataclass(frozen=True, slots=True)
class Origin:
    """Who publishes what follows, as of ``date`` (ISO 8601). Told again with a later date, the later one counts."""

    name: str
    date: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Exploited:
    """An identifier in a catalogue of those that are known to be exploited."""

    id: str


@dataclass(frozen=True, slots=True)
class Probability:
    """How likely an identifier is exploited in the next 30 days: 0 to 1."""

    id: str
    value: float


@dataclass(frozen=True, slots=True)
class Rated:
    """How bad an identifier is, by whoever ``source`` names."""

    id: str
    severity: Severity
    source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is none for us: withdrawn, or without versions that could be compared."""

    reason: str


Item = Advisory | Origin | Exploited | Probability | Rated | Skipped
