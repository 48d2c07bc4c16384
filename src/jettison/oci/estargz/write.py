"""A tar archive into an eStargz blob."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from isal import igzip

from jettison.errors import InvalidArchive
from jettison.oci.chunked.members import Entry, parts
from jettison.oci.chunked.toc import dumps, member
from jettison.oci.codec import DEFAULT_LEVEL, Sink
from jettison.oci.digest import Digest
from jettison.oci.estargz.order import ADDED, LANDMARK, NO_LANDMARK, TABLE, Placed, normal, ordered
from jettison.oci.tar import BLOCK
from jettison.oci.tarwriter import file_header

#: Annotations of the layer's descriptor.
TOC_DIGEST, PLAIN_SIZE = "containerd.io/snapshot/stargz/toc.digest", "io.containers.estargz.uncompressed-size"
#: Larger files have a gzip member for each piece of this many bytes.
CHUNK = 4 << 20
FOOTER_SIZE = 51


@dataclass(frozen=True, slots=True)
class Written:
    """The annotations of the blob, the diff ID of its archive, and how many of its members are to be prefetched."""

    diff_id: Digest
    prefetched: int
    annotations: Mapping[str, str] = field(default_factory=dict)


def write(sink: Sink, plain: BinaryIO, first: Iterable[str] = (), level: int | None = None) -> Written:
    """Compress the archive in the seekable ``plain``, the paths of ``first`` before the landmark.

    The same archive, paths and level give the same bytes. Raises ``InvalidArchive`` for an archive that the format
    cannot say: a damaged or sparse one, or one with a member twice; ``sink`` has nothing then.
    """
    early, late = ordered(_members(plain), first)
    writer = _Writer(sink, plain, DEFAULT_LEVEL["gzip"] if level is None else level)
    if not early:
        writer.landmark(NO_LANDMARK)
    for placed in early:
        writer.member(placed)
    if early:
        writer.landmark(LANDMARK)
    for placed in late:
        writer.member(placed)
    return replace(writer.finish(), prefetched=len(early))


def _members(plain: BinaryIO) -> dict[str, Placed]:
    """What is in the archive, by normal names; without what the format adds."""
    plain.seek(0)
    found: dict[str, Placed] = {}
    at = padding = 0
    for part in parts(plain):
        if part.odd:
            raise InvalidArchive(f"cannot write eStargz: {part.odd}")
        if part.entry is None:
            break
        entry, begin, at = part.entry, at + padding, at + len(part.raw)
        if (name := normal(entry.name)) in found:
            raise InvalidArchive(f"cannot write eStargz: it has {entry.name!r} twice")
        if name not in ADDED:
            found[name] = Placed(entry, (begin, at), at)
        for piece in part.content:
            at += len(piece)
        padding = -entry.size % BLOCK
    return found


class _Writer:
    """Bytes of the archive are held until the gzip member that they belong to is complete."""

    def __init__(self, sink: Sink, plain: BinaryIO, level: int) -> None:
        self._sink, self._plain, self._level = sink, plain, level
        self._held = bytearray()
        self._entries: list[bytes] = []
        self._hash = hashlib.sha256()
        self._size = self._at = 0

    def landmark(self, name: str) -> None:
        """Append a landmark."""
        self._file(Entry(name, "reg", mode=0o444, size=1), file_header(name, 1), iter((b"\x0f",)))

    def member(self, placed: Placed) -> None:
        """Append a member of the plain archive."""
        begin, end = placed.headers
        self._plain.seek(begin)
        headers = b"".join(_pieces(self._plain, end - begin))
        self._plain.seek(placed.content)
        self._file(placed.entry, headers, _pieces(self._plain, placed.entry.size))

    def _file(self, entry: Entry, headers: bytes, content: Iterator[bytes]) -> None:
        self._held += headers
        whole = hashlib.sha256()
        values = [_value(entry)]
        at = 0
        for data in content:
            whole.update(data)
            self._member_ends()
            place = {"offset": self._at, "chunkDigest": _digest(data)}
            place |= {"chunkSize": len(data)} if at + len(data) < entry.size else {}
            if at:
                values.append({"name": entry.name, "type": "chunk", "chunkOffset": at} | place)
            else:
                values[0] |= place
            self._held += data
            at += len(data)
        if entry.kind == "reg":
            values[0]["digest"] = f"sha256:{whole.hexdigest()}"
        self._held += bytes(-at % BLOCK)
        self._entries += [dumps(value) for value in values]

    def finish(self) -> Written:
        """Append the table, the end of the archive, and the footer that says where the table is."""
        self._member_ends()
        table = b'{"version":1,"entries":[' + b",".join(self._entries) + b"]}"
        place = self._at
        self._held += file_header(TABLE, len(table)) + table + bytes(-len(table) % BLOCK + 2 * BLOCK)
        self._member_ends()
        self._put(footer(place))
        notes = {TOC_DIGEST: _digest(table), PLAIN_SIZE: str(self._size)}
        return Written(Digest("sha256", self._hash.hexdigest()), 0, notes)

    def _member_ends(self) -> None:
        if self._held:
            data = bytes(self._held)
            self._hash.update(data)
            self._size += len(data)
            self._put(_gzip(data, self._level))
            self._held.clear()

    def _put(self, data: bytes) -> None:
        self._sink.write(data)
        self._at += len(data)


def footer(place: int) -> bytes:
    """An empty gzip member whose extra field says that the table's is at ``place``, in bytes of the blob."""
    extra = b"%016xSTARGZ" % place
    head = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x00\xff"
    field_ = struct.pack("<H2sH", len(extra) + 4, b"SG", len(extra)) + extra
    return head + field_ + b"\x01\x00\x00\xff\xff" + bytes(8)


def _gzip(data: bytes, level: int) -> bytes:
    packed: bytes = igzip.compress(data, compresslevel=level, mtime=0)
    return packed


def _value(entry: Entry) -> dict[str, Any]:
    """The member's object in the table: whole seconds, and no other times."""
    seconds = entry.modified.partition(".")[0].removesuffix("Z")
    return member(replace(entry, modified=f"{seconds}Z" if seconds else "", accessed="", changed=""))


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """``size`` bytes in pieces of ``CHUNK``."""
    while size > 0:
        data = b""
        while len(data) < min(CHUNK, size):
            more = stream.read(min(CHUNK, size) - len(data))
            if not more:
                raise InvalidArchive("cannot write eStargz: it is truncated")
            data += more
        size -= len(data)
        yield data
