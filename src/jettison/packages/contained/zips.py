"""Zip archives in zip archives, read by bounded streams: nothing is unpacked, and no zip bomb is followed."""

from __future__ import annotations

import io
import lzma
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from jettison.filetree import FileEntry, FileTree
from jettison.packages.model import Gap

#: An archive in an archive in …; Spring Boot and ears need three.
DEPTH = 6
#: Archives, and bytes out of them, that are read of one file.
ARCHIVES = 10_000
BYTES = 2 << 30
#: Entries of one archive; the JDK's biggest has 30 000. The directory of these has 46 bytes and a name for each.
ENTRIES = 200_000
DIRECTORY = 32 << 20
#: Bytes out for each byte in: deflate reaches 1032, and what is packed already hardly 2.
RATIO = 100
#: Bytes of one record (a manifest, ``pom.properties``).
RECORD = 4 << 20
_CHUNK = 1 << 16
_IN_MEMORY = 8 << 20
_ENCRYPTED = 0x1
#: What zipfile raises for what is broken, encrypted, or packed as it does not know.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, OSError, EOFError,
    ValueError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive: ``name`` is ``/app/a.war!/WEB-INF/lib/b.jar``; ``records`` are the entries that were asked for."""

    name: str
    records: Mapping[str, bytes]
    names: frozenset[str]


@dataclass(slots=True)
class _Budget:
    """What may still be read of one file."""

    bytes: int
    archives: int


class _Limited:
    """A file that refuses to read more than ``DIRECTORY`` bytes at once, which only a bomb's directory asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > DIRECTORY:
            raise zipfile.BadZipFile("a directory that is too big")
        return self._file.read(size if size >= 0 else DIRECTORY)


def opened(tree: FileTree, entry: FileEntry) -> IO[bytes]:
    """A regular file of the image, to be read and sought in."""
    if not entry.origin:
        return io.BytesIO(tree.read(entry))
    return os.fdopen(os.open(entry.origin, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def archives(
    file: IO[bytes], path: str, nested: re.Pattern[str], records: re.Pattern[str], tell: Callable[[Gap], None]
) -> Iterator[Archive]:
    """``file``, which is at ``path`` in the image, and every archive in it whose name ``nested`` matches.

    Of each the entries that ``records`` matches are read. What cannot be read is told, and the rest goes on.
    """
    yield from _Reader(path, nested, records, tell).read(file, path, 0)


class _Reader:
    def __init__(
        self, path: str, nested: re.Pattern[str], records: re.Pattern[str], tell: Callable[[Gap], None]
    ) -> None:
        self._path, self._nested, self._records, self._tell = path, nested, records, tell
        self._budget = _Budget(BYTES, ARCHIVES)

    def read(self, file: IO[bytes], name: str, depth: int) -> Iterator[Archive]:
        self._budget.archives -= 1
        try:
            with zipfile.ZipFile(_Limited(file)) as archive:
                yield from self._archive(archive, name, depth)
        except BROKEN as error:
            self._gap(name, f"not readable as a zip archive ({_reason(error)})")

    def _archive(self, archive: zipfile.ZipFile, name: str, depth: int) -> Iterator[Archive]:
        entries = archive.infolist()
        if len(entries) > ENTRIES:
            self._gap(name, f"a zip archive of more than {ENTRIES} entries")
            return
        found = {entry.filename: entry for entry in entries if not entry.is_dir()}
        wanted = {path: entry for path, entry in found.items() if self._records.search(path)}
        read = {path: self._record(archive, entry, name) for path, entry in wanted.items()}
        yield Archive(name, {path: data for path, data in read.items() if data is not None}, frozenset(found))
        for path, entry in found.items():
            if self._nested.search(path):
                yield from self._inner(archive, entry, f"{name}!/{path}", depth + 1)

    def _record(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes | None:
        inside = f"{name}!/{entry.filename}"
        if entry.file_size > RECORD or self._budget.bytes < RECORD:
            self._gap(inside, "too big to be read")
            return None
        try:
            self._check(entry)
            with archive.open(entry) as stream:
                data = stream.read(RECORD)
        except BROKEN as error:
            self._gap(inside, f"not readable in the zip archive ({_reason(error)})")
            return None
        self._budget.bytes -= len(data)
        return data

    def _inner(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int) -> Iterator[Archive]:
        if depth > DEPTH:
            self._gap(name, f"more than {DEPTH} archives deep")
        elif self._budget.archives <= 0 or self._budget.bytes < entry.file_size:
            self._gap(name, "more in this archive than is read of one")
        else:
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
                if self._copy(archive, entry, copy, name):
                    yield from self.read(copy, name, depth)

    def _copy(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, copy: IO[bytes], name: str) -> bool:
        """Copy a nested archive out, at most as many bytes as its entry says."""
        try:
            self._check(entry)
            with archive.open(entry) as stream:
                while data := stream.read(_CHUNK):
                    copy.write(data)
        except BROKEN as error:
            self._gap(name, f"not readable in the zip archive ({_reason(error)})")
            return False
        self._budget.bytes -= entry.file_size
        return True

    def _check(self, entry: zipfile.ZipInfo) -> None:
        """Raise for what cannot or should not be read. zipfile gives no more bytes than ``file_size``."""
        if entry.flag_bits & _ENCRYPTED:
            raise zipfile.BadZipFile("encrypted")
        if entry.file_size > _CHUNK and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise zipfile.BadZipFile(f"packed more than {RATIO} times, like a zip bomb")

    def _gap(self, name: str, reason: str) -> None:
        inside = name.removeprefix(self._path).removeprefix("!/")
        self._tell(Gap(self._path, f"{inside}: {reason}" if inside else reason))


def _reason(error: Exception) -> str:
    """One short line of what zipfile says; text of the archive itself is cut."""
    return " ".join(str(error).split())[:120] or type(error).__name__
