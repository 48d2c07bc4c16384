"""The database's tables, and how records get into them (docs/advisories.md describes every column)."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from jettison.security.advisories import names
from jettison.security.advisories.severity import rank
from jettison.security.advisories.values import Exploited, Item, Origin, Probability, Rated, Skipped
from jettison.security.model import Advisory, Fix, Severity

#: "JTSN": the file is ours (PRAGMA application_id).
APPLICATION = 0x4A54534E
SCHEMA = 1
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, date TEXT NOT NULL, licence TEXT NOT NULL,
    advisories INTEGER NOT NULL, ecosystems TEXT NOT NULL);
CREATE TABLE ecosystem (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, advisories INTEGER NOT NULL);
CREATE TABLE record (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, cvss TEXT NOT NULL, summary TEXT NOT NULL,
    url TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE affected (
    ecosystem INTEGER NOT NULL, package TEXT NOT NULL, record INTEGER NOT NULL, severity INTEGER NOT NULL,
    severity_source TEXT NOT NULL, fix INTEGER, spec NOT NULL);
CREATE TABLE severity (name TEXT PRIMARY KEY, severity INTEGER NOT NULL, source TEXT NOT NULL, rank INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE exploited (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE epss (name TEXT PRIMARY KEY, probability REAL NOT NULL) WITHOUT ROWID;
"""
_INDEX = "CREATE INDEX affected_package ON affected (ecosystem, package)"
#: The better word stays: the lower rank, then the worse severity, whatever comes first.
_RATE = """
INSERT INTO severity VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
SET severity = excluded.severity, source = excluded.source, rank = excluded.rank
WHERE (excluded.rank, excluded.severity, excluded.source) < (rank, severity, source)
"""
FIXES = tuple(Fix)
SEVERITIES = tuple(Severity)
#: Rank of a word about the same CVE that is neither GHSA's nor a vector's.
OTHER = 3
#: Records that are remembered, since their packages may stand far from each other.
_REMEMBERED = 20_000
#: Characters from which a list of versions is packed.
_PACKED = 400
_BATCH = 20_000


@dataclass(slots=True)
class _Count:
    date: str = ""
    licence: str = ""
    advisories: int = 0
    ecosystems: set[str] = field(default_factory=set)


class Writer:
    """Fills an empty database. Nothing but names of sources and ecosystems is held in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sources: dict[str, _Count] = {}
        self._ecosystems: dict[str, list[int]] = {}
        self._records: dict[tuple[str, ...], int] = {}
        self._record = 0
        self._pending = 0
        self.skipped: dict[str, int] = {}
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.executescript(TABLES)

    @property
    def sources(self) -> Mapping[str, _Count]:
        """What was told so far, by publisher."""
        return self._sources

    def add(self, item: Item) -> None:
        """Put one record in."""
        match item:
            case Advisory():
                self._advisory(item)
            case Origin():
                self._origin(item)
            case Exploited():
                self._run("INSERT OR IGNORE INTO exploited VALUES (?)", item.id)
            case Probability():
                self._run("INSERT OR REPLACE INTO epss VALUES (?, ?)", item.id, item.value)
            case Rated():
                self._rate(item.id, item.severity, item.source, OTHER)
            case Skipped():
                self.skipped[item.reason] = self.skipped.get(item.reason, 0) + 1

    def finish(self, built: str) -> None:
        """Write what is known of the whole; the row that says it is complete comes last."""
        for name, count in sorted(self._sources.items()):
            ecosystems = json.dumps(sorted(count.ecosystems))
            self._run("INSERT INTO source (name, date, licence, advisories, ecosystems) VALUES (?, ?, ?, ?, ?)",
                      name, count.date, count.licence, count.advisories, ecosystems)  # fmt: skip
        for name, (key, number) in self._ecosystems.items():
            self._run("INSERT INTO ecosystem VALUES (?, ?, ?)", key, name, number)
        self._connection.execute(_INDEX)
        self._run("INSERT INTO meta VALUES ('built', ?)", built)
        self._run("INSERT INTO meta VALUES ('complete', 'yes')")
        self._connection.commit()

    def _origin(self, item: Origin) -> None:
        known = self._sources.setdefault(item.name, _Count())
        known.date = max(known.date, item.date)
        known.licence = known.licence or item.licence

    def _advisory(self, item: Advisory) -> None:
        known = self._sources.setdefault(item.source, _Count())
        known.advisories += 1
        known.ecosystems.add(names.family(item.ecosystem))
        ecosystem = self._ecosystems.setdefault(item.ecosystem, [len(self._ecosystems) + 1, 0])
        ecosystem[1] += 1
        fix = None if item.fix is None else FIXES.index(item.fix)
        self._run("INSERT INTO affected VALUES (?, ?, ?, ?, ?, ?, ?)", ecosystem[0], item.package,
                  self._recorded(item), item.severity.rank, item.severity_source, fix, spec(item))  # fmt: skip
        self._rated(item)

    def _recorded(self, item: Advisory) -> int:
        """The number of what the advisories of several packages have in common."""
        values = (item.id, json.dumps(item.aliases, ensure_ascii=False), item.cvss, item.summary, item.url, item.source)
        if values not in self._records:
            if len(self._records) >= _REMEMBERED:
                self._records.clear()
            self._record += 1
            self._run("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", self._record, *values)
            self._records[values] = self._record
        return self._records[values]

    def _rated(self, item: Advisory) -> None:
        """Remember how bad it is for records of the same vulnerability; not of one that is about several.

        ``negligible`` is often true of one distribution's build alone.
        """
        numbered = [name for name in item.identifiers if names.is_cve(name)]
        if item.severity in (Severity.UNKNOWN, Severity.NEGLIGIBLE) or len(numbered) > 1:
            return
        order = rank(item.severity_source) or OTHER
        for name in numbered if order == OTHER else item.identifiers:
            self._rate(name, item.severity, item.severity_source, order)

    def _rate(self, name: str, severity: Severity, source: str, order: int) -> None:
        self._run(_RATE, name, severity.rank, source, order)

    def _run(self, statement: str, *values: object) -> None:
        try:
            self._connection.execute(statement, values)
        except UnicodeEncodeError:  # half a surrogate pair, which JSON may have
            self._connection.execute(statement, [_clean(value) for value in values])
        self._pending += 1
        if self._pending >= _BATCH:
            self._connection.commit()
            self._pending = 0


def _clean(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def spec(item: Advisory) -> str | bytes:
    """Which versions are affected, as JSON, packed where it is long."""
    ranges = [[each.introduced, each.fixed, each.last_affected] for each in item.ranges]
    lists = {"r": ranges, "v": item.versions, "a": item.vulnerable, "p": item.patched, "u": item.unaffected}
    text = json.dumps({key: value for key, value in lists.items() if value}, separators=(",", ":"), ensure_ascii=False)
    return text if len(text) < _PACKED else zlib.compress(text.encode("utf-8", "replace"))
