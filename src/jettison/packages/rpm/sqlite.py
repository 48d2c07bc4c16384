"""``rpmdb.sqlite``, the database of Fedora and Red Hat: a table ``Packages`` of headers, and tables that index them."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

_PACKAGES = "(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"
_INDEX = "(key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)"
#: Every index of RPM 4.16 to 4.20, without which it opens no database that it may not write.
_INDEXES = (
    "Name", "Basenames", "Group", "Requirename", "Providename", "Conflictname", "Obsoletename", "Triggername",
    "Dirnames", "Installtid", "Sigmd5", "Sha1header", "Filetriggername", "Transfiletriggername", "Recommendname",
    "Suggestname", "Supplementname", "Enhancename",
)  # fmt: skip
#: Steps of SQLite's machine between two looks at the clock, and how many looks one database may take.
_STEPS, _LOOKS = 100_000, 5_000


def headers(data: bytes, log: bytes = b"") -> Iterator[tuple[int, bytes]]:
    """Number and header of each package; ``log`` is the write-ahead log beside it. Raises ``ValueError``."""
    with _opened(data, log) as (database, _):
        for number, blob in database.execute("SELECT hnum, blob FROM Packages ORDER BY hnum"):
            if not isinstance(number, int) or not isinstance(blob, bytes):
                raise ValueError("a package has no header")
            yield number, blob


def trimmed(data: bytes, log: bytes, remaining: Collection[int]) -> bytes:
    """The database with only the packages of these numbers, in every table; the same bytes for the same input."""
    with _opened(data, log) as (database, path):
        database.execute("PRAGMA journal_mode=DELETE")
        for table in _tables(database):
            gone = f'DELETE FROM "{table}" WHERE hnum NOT IN ({",".join(map(str, sorted(remaining)))})'
            database.execute(gone)
        database.commit()
        database.execute("VACUUM")
        database.close()
        return path.read_bytes()


def written(packages: Sequence[tuple[str, bytes]]) -> bytes:
    """A new database of (name, header), for an image that had another kind; only names are indexed."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "rpmdb.sqlite")
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"CREATE TABLE Packages {_PACKAGES}")
            for index in _INDEXES:
                database.execute(f'CREATE TABLE "{index}" {_INDEX}')
            for number, (name, blob) in enumerate(packages, 1):
                database.execute("INSERT INTO Packages VALUES (?, ?)", (number, blob))
                database.execute("INSERT INTO Name VALUES (?, ?, 0)", (name, number))
            database.commit()
        return path.read_bytes()


@contextmanager
def _opened(data: bytes, log: bytes) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """A copy of the database that runs nothing of its own; SQLite's errors are raised as ``ValueError``."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "rpmdb.sqlite")
        path.write_bytes(data)
        if log:
            Path(f"{path}-wal").write_bytes(log)
        try:
            with closing(sqlite3.connect(path)) as database:
                _guard(database, len(data) + len(log))
                yield database, path
        except (sqlite3.Error, OverflowError, MemoryError, UnicodeError) as error:
            raise ValueError(f"SQLite says: {error}".splitlines()[0]) from None


def _guard(database: sqlite3.Connection, size: int) -> None:
    looks = iter(range(_LOOKS))
    database.set_progress_handler(lambda: int(next(looks, None) is None), _STEPS)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size, 1 << 20))
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    kinds = dict(database.execute("SELECT name, type FROM sqlite_master WHERE sql IS NOT NULL"))
    if kinds.get("Packages") != "table":
        raise ValueError("it has no table of packages")
    virtual = database.execute("SELECT 1 FROM sqlite_master WHERE sql LIKE 'create virtual%'").fetchone()
    if virtual or not set(kinds.values()) <= {"table", "index"}:
        raise ValueError("it has views or triggers")


def _tables(database: sqlite3.Connection) -> list[str]:
    """The tables that number packages, by name."""
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    plain = [name for name in names if name.isidentifier()]
    return [name for name in plain if "hnum" in {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')}]
