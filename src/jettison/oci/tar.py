"""Tar archives, read as streams: ustar, PAX and GNU (POSIX.1-2008, pax; GNU tar manual, "Basic Tar Format").

Why not ``tarfile``: it takes a damaged header in the middle for the end of the archive, it copies each byte several
times, and it costs five times as much for each member. Layers have tens of thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from jettison.errors import InvalidArchive
from jettison.filetree import Kind
from jettison.oci import sparse
from jettison.oci.codec import CHUNK, FREE, RATIO_LIMIT
from jettison.oci.pax import Records, decimal, number, records

BLOCK = 512
WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
XATTR = "SCHILY.xattr."
#: Headers of headers (PAX records, GNU long names) may have this many bytes, as in Go's archive/tar.
_EXTRA_LIMIT = 1 << 20
#: No file system holds larger files.
_SIZE_LIMIT = (1 << 63) - 1
_NO_XATTRS: Mapping[str, bytes] = {}

_LINK = b"1"
_KINDS: Mapping[bytes, Kind | None] = {
    b"0": Kind.FILE, b"\0": Kind.FILE, b"7": Kind.FILE, b"S": Kind.FILE, _LINK: None, b"2": Kind.SYMLINK,
    b"3": Kind.CHARACTER, b"4": Kind.BLOCK, b"5": Kind.DIRECTORY, b"6": Kind.FIFO,
}  # fmt: skip


class Stream(Protocol):
    """What an archive is read from; fewer bytes than asked for may come, none only at the end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One header. ``kind`` is ``None`` for a hard link to the member ``target``; ``mtime`` is in whole seconds.

    ``name`` is what the archive says, ``..`` and leading ``/`` included; a trailing ``/`` is gone.
    """

    name: str
    kind: Kind | None
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    target: str
    device: tuple[int, int]
    xattrs: Mapping[str, bytes]


class Content:
    """The bytes of a regular file, to be read once and before the next member. Iterating gives holes as zeros."""

    def __init__(self, source: _Source, stored: int, size: int, extents: sparse.Extents | None) -> None:
        self._source = source
        self._end = source.position + stored + -stored % BLOCK
        self._size = size
        #: Whether there are holes: what ``pieces`` leaves out.
        self.is_sparse = extents is not None
        self._extents = ((0, size),) if extents is None else extents

    def pieces(self) -> Iterator[tuple[int, memoryview]]:
        """What the archive holds of the file, each with its offset in bytes."""
        for offset, length in self._extents:
            for piece in self._source.pieces(length):
                yield offset, piece
                offset += len(piece)

    def skip(self) -> None:
        """Go on to where the next member begins."""
        for _ in self._source.pieces(self._end - self._source.position):
            pass

    def __iter__(self) -> Iterator[bytes | memoryview]:
        stored = sum(length for _, length in self._extents)
        if self._size > FREE and self._size > RATIO_LIMIT * stored:
            raise InvalidArchive(f"cannot read tar: a sparse file expands more than {RATIO_LIMIT:,}-fold")
        at = 0
        for offset, piece in self.pieces():
            yield from _zeros(offset - at)
            yield piece
            at = offset + len(piece)
        yield from _zeros(self._size - at)


def read(stream: Stream) -> Iterator[tuple[Member, Content | None]]:
    """Each member, regular files with their content, up to the end mark; what follows that stays unread.

    Raises ``InvalidArchive`` for what is no tar, for a damaged and for a truncated one. Memory is bounded.
    """
    source = _Source(stream)
    everywhere: Records = {}
    here: Records = {}
    while (block := source.header()) is not None:
        kind = block[156:157]
        if kind in _EXTRA:
            found = _EXTRA[kind](source.extra(number(block[124:136])))
            everywhere, here = (everywhere | found, here) if kind == b"g" else (everywhere, here | found)
            continue
        more = everywhere | here if everywhere else here
        member, content = _member(source, block, more)
        yield member, content
        if content:
            content.skip()
        here = {}
    if here:
        raise InvalidArchive("cannot read tar: it is truncated")


def _long(key: str, data: bytes) -> Records:
    return {key: data.partition(b"\0")[0]}


#: Members that say more of the next one (``g``: of all that follow). GNU's long names mean the same as PAX's.
_EXTRA: Mapping[bytes, Callable[[bytes], Records]] = {
    b"x": records,
    b"g": records,
    b"L": lambda data: _long("path", data),
    b"K": lambda data: _long("linkpath", data),
}


def _member(source: _Source, block: bytes, more: Records) -> tuple[Member, Content | None]:
    kind = _kind(block)
    name = _text(more["path"]) if more.get("path") else _name(block)
    if kind is Kind.FILE and name.endswith("/"):  # how archives of before POSIX say directory
        kind = Kind.DIRECTORY
    content, size = None, 0
    if kind is Kind.FILE:
        content, size = _content(source, block, more)
        name = _text(more.get("GNU.sparse.name", b"")) or name
    member = Member(
        name.rstrip("/"),
        kind,
        number(block[100:108]) & 0o7777,
        _number(more, "uid", block[108:116]),
        _number(more, "gid", block[116:124]),
        size,
        _number(more, "mtime", block[136:148]),
        _text(more.get("linkpath") or block[157:257]),
        (number(block[329:337]), number(block[337:345])) if kind in (Kind.CHARACTER, Kind.BLOCK) else (0, 0),
        _xattrs(more) if more else _NO_XATTRS,
    )
    return member, content


def _content(source: _Source, block: bytes, more: Records) -> tuple[Content, int]:
    stored = size = _number(more, "size", block[124:136])
    if not 0 <= stored <= _SIZE_LIMIT:
        raise InvalidArchive(f"cannot read tar: {_name(block)!r} has a size of {stored} bytes")
    extents = None
    if found := sparse.extents(source, block, more, stored):
        size, extents, told = found
        stored -= told
    return Content(source, stored, size, extents), size


def _number(more: Records, key: str, field: bytes) -> int:
    value = more.get(key)
    return decimal(value) if value else number(field)


def _kind(block: bytes) -> Kind | None:
    try:
        return _KINDS[block[156:157]]
    except KeyError as error:
        raise InvalidArchive(f"cannot read tar: {_name(block)!r} is of unknown type {block[156:157]!r}") from error


def _name(block: bytes) -> str:
    name = _text(block[:100])
    prefix = block[345:500] if block[257:263] == b"ustar\0" else b""
    return f"{_text(prefix)}/{name}" if prefix[:1] not in (b"", b"\0") else name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _xattrs(more: Records) -> Mapping[str, bytes]:
    return {key.removeprefix(XATTR): value for key, value in more.items() if key.startswith(XATTR)}


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, CHUNK))
        count -= CHUNK


class _Source:
    """The archive's bytes: blocks, and longer pieces that are not copied. ``position`` counts those handed out."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._chunk = b""
        self._at = 0
        self._before = 0

    @property
    def position(self) -> int:
        return self._before + self._at

    def header(self) -> bytes | None:
        """The next header, its sum verified; ``None`` at the end mark, or where the archive just ends."""
        if self._at == len(self._chunk) and not self._fill():
            return None
        block = self.take(BLOCK)
        if not block[0] and not any(block):
            return None
        noted = number(block[148:156])
        if noted != sum(block) - sum(block[148:156]) + 256 and noted != _signed_sum(block):
            what = "it is not a tar archive" if self.position == BLOCK else "a header is damaged"
            raise InvalidArchive(f"cannot read tar: {what}")
        return block

    def extra(self, size: int) -> bytes:
        if not 0 <= size <= _EXTRA_LIMIT:
            raise InvalidArchive(f"cannot read tar: a header of {size} bytes, over the limit of {_EXTRA_LIMIT}")
        return self.take(size + -size % BLOCK)[:size]

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes."""
        end = self._at + size
        if end <= len(self._chunk):
            taken, self._at = self._chunk[self._at : end], end
            return taken
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[memoryview]:
        """Exactly ``size`` bytes, as they come."""
        while size > 0:
            if self._at == len(self._chunk) and not self._fill():
                raise InvalidArchive("cannot read tar: it is truncated")
            piece = memoryview(self._chunk)[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def _fill(self) -> bool:
        self._before += len(self._chunk)
        self._chunk, self._at = self._stream.read(CHUNK), 0
        return bool(self._chunk)


def _signed_sum(block: bytes) -> int:
    """The header's sum as some old systems took it, of signed bytes."""
    field = b" " * 8
    return sum(byte - 256 if byte > 127 else byte for byte in block[:148] + field + block[156:])
