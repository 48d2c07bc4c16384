"""The file of what is not to be counted, each with a reason, and no longer than it says."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jettison.errors import InvalidConfiguration
from jettison.security.model import Finding

#: Bytes.
LIMIT = 4 << 20
_KEYS = frozenset({"id", "package", "reason", "until"})


@dataclass(frozen=True, slots=True)
class Ignored:
    """``id`` is any name of a vulnerability; empty ``package`` is every one; after ``until`` it holds no more."""

    id: str
    reason: str
    package: str = ""
    until: date | None = None

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and self.until < today

    def hits(self, finding: Finding) -> bool:
        """Whether it is about this finding: of a package by its name or by its source package's."""
        package = finding.component.package
        named = not self.package or self.package in (package.name, package.source)
        return named and self.id in (finding.id, *finding.aliases)

    def __str__(self) -> str:
        return f"{self.id} of {self.package}" if self.package else self.id


def read(path: Path) -> tuple[Ignored, ...]:
    """The ``[[ignore]]`` tables of a TOML file. Raises ``InvalidConfiguration`` naming the file and the entry."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise ValueError(f"more than {LIMIT} bytes")
        told = tomllib.loads(data.decode())
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"cannot read {path}: {error}") from error
    unknown = sorted(told.keys() - {"ignore"})
    entries = told.get("ignore", [])
    if unknown or not isinstance(entries, list):
        raise InvalidConfiguration(f"cannot read {path}: it has {', '.join(unknown) or 'ignore'}, not [[ignore]]")
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, 1))


def _entry(path: Path, number: int, entry: Any) -> Ignored:
    where = f"cannot read {path}: [[ignore]] number {number}"
    if not isinstance(entry, dict):
        raise InvalidConfiguration(f"{where} is no table")
    if unknown := sorted(entry.keys() - _KEYS):
        raise InvalidConfiguration(f"{where} has unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(_KEYS))}")
    for key in ("id", "reason"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise InvalidConfiguration(f"{where} has no {key}")
    package, until = entry.get("package", ""), entry.get("until")
    if not isinstance(package, str):
        raise InvalidConfiguration(f"{where}: package is no text")
    if until is not None and (not isinstance(until, date) or isinstance(until, datetime)):
        raise InvalidConfiguration(f"{where}: until is no date, like 2027-01-31 without quotes")
    return Ignored(entry["id"].strip(), entry["reason"].strip(), package, until)


def apply(
    findings: Sequence[Finding], ignored: Sequence[Ignored], today: date
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings, of which ignored ones say so, and a sentence for each entry that expired or hits nothing."""
    alive = [entry for entry in ignored if not entry.expired(today)]
    told = [f"the ignore file's {entry} ended on {entry.until}: it counts again"
            for entry in ignored if entry.expired(today)]  # fmt: skip
    told += [f"the ignore file's {entry} hits nothing" for entry in alive if not any(map(entry.hits, findings))]
    return tuple(_applied(finding, alive) for finding in findings), tuple(told)


def _applied(finding: Finding, entries: Sequence[Ignored]) -> Finding:
    entry = next((entry for entry in entries if entry.hits(finding)), None)
    if entry is None or finding.suppressed:
        return finding
    return replace(finding, suppressed=f"ignored: {entry.reason}")
