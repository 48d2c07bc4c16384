"""A database made of files, in one step: there is the old one until the new one is whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from jettison.errors import InvalidInput, OutOfSpace
from jettison.oci.blobwriter import disk_errors
from jettison.oci.progress import SILENT, Progress
from jettison.security.advisories import age
from jettison.security.advisories.parts import parts
from jettison.security.advisories.sources import items
from jettison.security.advisories.writer import Writer
from jettison.security.model import DatabaseInfo, Source

KINDS = (
    "OSV records (JSON, or a zip of them), Debian's security tracker, Alpine's secdb, CISA's catalogue, EPSS scores, "
    "our snapshot"
)
#: Seconds after which what a killed build left is removed.
_LEFT = 24 * 3600
Told = Callable[[str], object]


def build(
    sources: Sequence[Path], target: Path, told: Told = lambda sentence: None, progress: Progress = SILENT
) -> DatabaseInfo:
    """Make ``target`` of every advisory in ``sources`` (files, directories, zip archives).

    ``told`` gets a sentence on each thing that was passed over. Raises ``NotFound`` and ``InvalidInput``, naming the
    file, where one cannot be read to its end; ``target`` is then what it was.
    """
    built = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with _replacing(target) as (temporary, connection):
        writer = Writer(connection)
        for source in sources:
            _take(source, writer, told, progress)
        if not writer.sources:
            raise InvalidInput(f"cannot build {target}: there are no advisories in what was given")
        for reason, number in sorted(writer.skipped.items()):
            told(f"records passed over, {reason}: {number}")
        writer.finish(built)
        connection.close()
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
    return age.info(target, built, _sources(writer))


def _sources(writer: Writer) -> tuple[Source, ...]:
    return tuple(
        Source(name, count.date, count.advisories, tuple(sorted(count.ecosystems)), count.licence)
        for name, count in sorted(writer.sources.items())
    )


def _take(source: Path, writer: Writer, told: Told, progress: Progress) -> None:
    key, unknown, understood = progress.start(f"reading {source.name}"), 0, 0
    try:
        for part in parts(source):
            found = items(part)
            if found is None and part.named:
                raise InvalidInput(f"cannot use {part.name}: it is none of: {KINDS}")
            unknown, understood = unknown + (found is None), understood + (found is not None)
            for item in found or ():
                writer.add(item)
            progress.advance(key, part.packed)
    finally:
        progress.finish(key)
    if not understood:
        raise InvalidInput(f"cannot use {source}: of its {unknown} files none is one of: {KINDS}")
    if unknown:
        told(f"{source}: files passed over that hold no advisories: {unknown}; read: {understood}")


@contextmanager
def _replacing(target: Path) -> Iterator[tuple[str, sqlite3.Connection]]:
    """A new database beside ``target``, which takes its place at the end."""
    with disk_errors():
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        os.close(handle)
    connection = sqlite3.connect(name)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        with disk_errors():
            yield name, connection
            os.chmod(name, 0o644)
            os.replace(name, target)
            _sync(target.parent)
    except sqlite3.Error as error:
        kind = OutOfSpace if error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) else InvalidInput
        raise kind(f"cannot write {target}: {error}") from error
    finally:
        connection.close()
        Path(name).unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Remove what builds left that were killed."""
    for path in target.parent.glob(f".{target.name}.*.part"):
        try:
            if path.stat().st_mtime < time.time() - _LEFT:
                path.unlink()
        except FileNotFoundError:
            continue  # another build sweeps too
