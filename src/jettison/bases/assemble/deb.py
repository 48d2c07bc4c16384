"""Debian packages as files: an ``ar`` archive of ``debian-binary``, ``control.tar.*`` and ``data.tar.*`` (deb(5))."""

from __future__ import annotations

import io
import lzma
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jettison.errors import InvalidArchive, Unsupported
from jettison.filetree import Kind
from jettison.oci import codec, tar
from jettison.oci.tar import Content, Member

_MAGIC = b"!<arch>\n"
_HEADER = 60
#: A control archive holds small texts; dpkg's own largest (md5sums of kernel sources) have some megabytes.
_CONTROL_LIMIT = 64 << 20
_SMALL_LIMIT = 1 << 10
#: What the xz decoder may use, in bytes; ``xz -9``, the most that dpkg-deb takes, needs 65 MiB.
_XZ_MEMORY = 256 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the ``ar`` archive: its name, and where in the file its content is, in bytes."""

    name: str
    start: int
    size: int


def parts(file: BinaryIO) -> tuple[Part, ...]:
    """The members of an ``ar`` archive in their order. Raises ``InvalidArchive``."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(len(_MAGIC)) != _MAGIC:
        raise InvalidArchive("cannot read the package: it is not an ar archive")
    found = []
    at = len(_MAGIC)
    while at < end:
        part = _part(file.read(_HEADER), at + _HEADER)
        at = part.start + part.size + part.size % 2
        if part.start + part.size > end:
            raise InvalidArchive("cannot read the package: it is truncated")
        found.append(part)
        file.seek(at)
    return tuple(found)


def _part(header: bytes, start: int) -> Part:
    """One header: name (16 bytes), time, owner, group, mode, size in decimal (10), and an end mark."""
    size = header[48:58].rstrip(b" ")
    if len(header) != _HEADER or header[58:] != b"`\n" or not size.isdigit():
        raise InvalidArchive("cannot read the package: a header of its ar archive is damaged")
    name = header[:16].rstrip(b" ").removesuffix(b"/")  # the slash is how System V ends a name
    return Part(name.decode("ascii", "replace"), start, int(size))


@contextmanager
def opened(path: Path) -> Iterator[Deb]:
    """A package file, its format checked. Raises ``InvalidArchive``, and ``Unsupported`` for another format."""
    with open(path, "rb") as file:
        found = parts(file)
        if not found or found[0].name != "debian-binary":
            raise InvalidArchive("cannot read the package: its first member is not debian-binary")
        file.seek(found[0].start)
        version = file.read(min(found[0].size, _SMALL_LIMIT)).partition(b"\n")[0]
        if version.partition(b".")[0] != b"2":
            raise Unsupported(f"cannot read the package: its format is {version[:20]!r}, only 2.x is known")
        yield Deb(file, found)


class Deb:
    """A package file that is open. Its two archives are read as streams, one at a time."""

    def __init__(self, file: BinaryIO, found: tuple[Part, ...]) -> None:
        self._file = file
        self._parts = found

    def control(self) -> dict[str, bytes]:
        """The regular files of the control archive by name: ``control``, ``md5sums``, scripts, …"""
        found = {}
        left = _CONTROL_LIMIT
        for member, content in tar.read(self._stream("control.tar")):
            left -= member.size
            if left < 0:
                raise InvalidArchive(f"cannot read the package: its control archive has over {_CONTROL_LIMIT} bytes")
            if member.kind is Kind.FILE and content is not None:
                found[member.name.removeprefix("./")] = b"".join(content)
        return found

    def data(self) -> Iterator[tuple[Member, Content | None]]:
        """The members of the data archive, as ``oci.tar.read`` gives them."""
        return tar.read(self._stream("data.tar"))

    def _stream(self, stem: str) -> tar.Stream:
        """The one archive whose name is ``stem``, perhaps with the ending of a compression."""
        found = [part for part in self._parts if part.name == stem or part.name.startswith(f"{stem}.")]
        if len(found) != 1:
            raise InvalidArchive(f"cannot read the package: it has {len(found)} members {stem}, not one")
        return plain(io.BufferedReader(_Window(self._file, found[0]), codec.CHUNK))


def plain(packed: io.BufferedReader) -> BinaryIO:
    """The decompressed bytes of ``packed``: xz, zstd, gzip or none, told by the first bytes; bombs are refused."""
    compression = codec.sniff(packed.peek(8)[:8])
    if compression == "bzip2":
        raise Unsupported("cannot read the package: it is compressed with bzip2, which dpkg no longer writes")
    return io.BufferedReader(_Xz(packed), codec.CHUNK) if compression == "xz" else codec.reader(packed, compression)


class _Window(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: BinaryIO, part: Part) -> None:
        self._file, self._at, self._left = file, part.start, part.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._at += len(data)
        self._left -= len(data)
        return len(data)


class _Xz(io.RawIOBase):
    """An xz stream, decompressed within bounds of memory and of growth."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
        self._read = self._written = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = b""
        while not data and not self._decoder.eof:
            data = self._more(len(buffer))
        buffer[: len(data)] = data
        self._written += len(data)
        if self._written > codec.FREE and self._written > codec.RATIO_LIMIT * self._read:
            raise InvalidArchive(f"cannot decompress xz data: it expands more than {codec.RATIO_LIMIT:,}-fold")
        return len(data)

    def _more(self, size: int) -> bytes:
        packed = self._packed.read(codec.CHUNK) if self._decoder.needs_input else b""
        if self._decoder.needs_input and not packed:
            raise InvalidArchive("cannot decompress xz data: it is truncated")
        self._read += len(packed)
        try:
            return self._decoder.decompress(packed, size)
        except lzma.LZMAError as error:
            raise InvalidArchive(f"cannot decompress xz data: {str(error).lower()}") from error
