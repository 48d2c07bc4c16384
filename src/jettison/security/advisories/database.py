"""Looking advisories up: by ecosystem and package, out of a file that nothing here changes."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jettison.errors import InvalidInput, NotFound
from jettison.security.advisories import age, names
from jettison.security.advisories.severity import rank
from jettison.security.advisories.sources.publishers import is_known
from jettison.security.advisories.writer import APPLICATION, FIXES, SCHEMA, SEVERITIES
from jettison.security.model import Advisory, DatabaseInfo, Range, Severity, Source

#: Bytes that a list of versions may unpack to; the longest of OSV has 2 MB.
_UNPACKED = 64 << 20
_LOOKUP = """
SELECT record.name, aliases, cvss, summary, url, source, affected.severity, severity_source, fix, spec
FROM affected JOIN record ON record.id = affected.record WHERE ecosystem = ? AND package = ? ORDER BY affected.rowid
"""
_AGAIN = "make it again with jettison db update or jettison db build"


class Database:
    """What ``opened`` gives. Every fault of the file is ``InvalidInput``."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._known: dict[tuple[str, str], tuple[Advisory, ...]] = {}

    @cached_property
    def info(self) -> DatabaseInfo:
        """When it was built, and from what."""
        ((built,),) = self._rows("SELECT value FROM meta WHERE key = 'built'")
        rows = self._rows("SELECT name, date, advisories, ecosystems, licence FROM source ORDER BY name")
        sources = tuple(Source(name, date, number, tuple(json.loads(of)), licence)
                        for name, date, number, of, licence in rows)  # fmt: skip
        return age.info(self.path, built, sources)

    @cached_property
    def ecosystems(self) -> dict[str, int]:
        """How many advisories there are of each ecosystem."""
        return dict(self._rows("SELECT name, advisories FROM ecosystem ORDER BY name"))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(self._rows("SELECT name, id FROM ecosystem"))

    def covers(self, ecosystem: str) -> bool:
        """Whether there is any advisory of it: else no finding says nothing."""
        return names.ecosystem(ecosystem) in self._numbers

    def advisories(self, ecosystem: str, package: str) -> tuple[Advisory, ...]:
        """What is known of a package, in the order of the sources; its versions are not compared here."""
        named = names.ecosystem(ecosystem)
        key = named, names.package(named, package)
        if key not in self._known:
            number = self._numbers.get(named)
            rows = [] if number is None else self._rows(_LOOKUP, number, key[1])
            self._known[key] = tuple(dict.fromkeys(self._advisory(*key, row) for row in rows))
        return self._known[key]

    def known_exploited(self, cve: str) -> bool:
        """Whether CISA's catalogue has it."""
        return bool(self._rows("SELECT 1 FROM exploited WHERE name = ?", cve))

    def epss(self, cve: str) -> float | None:
        """How likely it is exploited in the next 30 days (0 to 1)."""
        rows = self._rows("SELECT probability FROM epss WHERE name = ?", cve)
        return rows[0][0] if rows else None

    def severity(self, cve: str) -> Severity | None:
        """How bad it is by what is said of it in any ecosystem."""
        rows = self._rows("SELECT severity FROM severity WHERE name = ?", cve)
        return SEVERITIES[rows[0][0]] if rows else None

    def overlays(self) -> tuple[int, int]:
        """How many CVEs are known to be exploited, and how many have an EPSS probability."""
        ((exploited,),) = self._rows("SELECT count(*) FROM exploited")
        ((epss,),) = self._rows("SELECT count(*) FROM epss")
        return exploited, epss

    def _advisory(self, ecosystem: str, package: str, row: tuple[Any, ...]) -> Advisory:
        name, aliases, cvss, summary, url, source, severity, severity_source, fix, spec = row
        others = tuple(json.loads(aliases))
        how, by = self._best((name, *others), SEVERITIES[severity], severity_source)
        versions = _unpacked(self.path, spec)
        return Advisory(
            id=name,
            ecosystem=ecosystem,
            package=package,
            aliases=others,
            ranges=tuple(Range(*each) for each in versions.get("r", ())),
            versions=tuple(versions.get("v", ())),
            vulnerable=tuple(versions.get("a", ())),
            patched=tuple(versions.get("p", ())),
            unaffected=tuple(versions.get("u", ())),
            severity=how,
            severity_source=by,
            cvss=cvss,
            fix=None if fix is None else FIXES[fix],
            source=source,
            summary=summary,
            url=url or _url((name, *others)),
        )

    def _best(self, identifiers: tuple[str, ...], own: Severity, source: str) -> tuple[Severity, str]:
        """The publisher's own word, else GHSA's, a CVSS vector's, or what another record says of the same CVE."""
        order = rank(source) if own is not Severity.UNKNOWN else len(SEVERITIES)
        if order < 2:
            return own, source
        found = (row for name in identifiers
                 for row in self._rows("SELECT rank, severity, source FROM severity WHERE name = ?", name))  # fmt: skip
        best = min(found, default=None)
        if best is None or order <= best[0]:
            return own, source
        return SEVERITIES[best[1]], best[2]

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except UnicodeEncodeError:
            return []  # a name that is no text is in no record
        except (sqlite3.Error, UnicodeError) as error:
            raise InvalidInput(f"cannot read {self.path}: it is damaged ({error}); {_AGAIN}") from error


@contextmanager
def opened(path: Path, max_age_days: float | None = None) -> Iterator[Database]:
    """The database at ``path``, which must be whole, of a schema that is known, and no older than asked for.

    Raises ``NotFound`` where there is none, else ``InvalidInput`` with what to do about it.
    """
    if not path.is_file():
        raise NotFound(f"cannot look vulnerabilities up: no advisory database at {path}: "
                       "run jettison db update or jettison db build")  # fmt: skip
    _whole(path)
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    try:
        database = Database(path, connection)
        _understood(database, connection)
        _young(database, max_age_days)
        yield database
    finally:
        connection.close()


def check(database: Database) -> None:
    """Read every page: slow, for ``jettison db status``. Raises ``InvalidInput`` for a damaged file."""
    try:
        ((found,),) = database._rows("PRAGMA quick_check(1)")
    except ValueError:
        found = "more than one fault"
    if found != "ok":
        raise InvalidInput(f"cannot read {database.path}: it is damaged ({found}); {_AGAIN}")


def _whole(path: Path) -> None:
    """The header says how many pages there are (SQLite file format, 1.3): a copy that was cut off has fewer."""
    try:
        with open(path, "rb") as file:
            head, size = file.read(100), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from error
    if len(head) < 100 or head[:16] != b"SQLite format 3\0":
        raise InvalidInput(f"cannot read {path}: it is no advisory database; {_AGAIN}")
    page = int.from_bytes(head[16:18], "big")
    if size != (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big"):
        raise InvalidInput(f"cannot read {path}: it is cut off or damaged; {_AGAIN}")


def _understood(database: Database, connection: sqlite3.Connection) -> None:
    ((application,),) = database._rows("PRAGMA application_id")
    ((schema,),) = database._rows("PRAGMA user_version")
    if application != APPLICATION:
        raise InvalidInput(f"cannot read {database.path}: it is a database, but none of advisories; {_AGAIN}")
    if schema != SCHEMA:
        kind = "newer" if schema > SCHEMA else "older"
        raise InvalidInput(f"cannot read {database.path}: it is of a {kind} Jettison (schema {schema}, this one "
                           f"reads {SCHEMA}); {_AGAIN}")  # fmt: skip
    if not database._rows("SELECT 1 FROM meta WHERE key = 'complete'"):
        raise InvalidInput(f"cannot read {database.path}: its build did not come to its end; {_AGAIN}")


def _young(database: Database, limit: float | None) -> None:
    info = database.info
    if limit is None or info.oldest_days <= limit:
        return
    what = "it is" if info.oldest_days == info.age_days else "its newest advisories are"
    old = f"{what} {info.oldest_days:.1f} days old"
    raise InvalidInput(f"cannot use {database.path}: {old}, more than {limit:g}; {_AGAIN}")


def _unpacked(path: Path, spec: str | bytes) -> dict[str, Any]:
    try:
        if isinstance(spec, bytes):
            unpacker = zlib.decompressobj()
            spec = unpacker.decompress(spec, _UNPACKED).decode("utf-8")
        return dict(json.loads(spec))
    except (ValueError, zlib.error) as error:
        raise InvalidInput(f"cannot read {path}: it is damaged ({error}); {_AGAIN}") from error


def _url(identifiers: tuple[str, ...]) -> str:
    """Where people read about it, if its record does not say."""
    name = identifiers[0]
    if name.startswith("GHSA-"):
        return f"https://github.com/advisories/{name}"
    cve = next(filter(names.is_cve, identifiers), "")
    if name != cve and is_known(name):
        return f"https://osv.dev/vulnerability/{name}"
    return f"https://nvd.nist.gov/vuln/detail/{cve}" if cve else ""
