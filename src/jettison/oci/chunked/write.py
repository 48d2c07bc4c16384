"""A tar archive into a zstd:chunked blob.

Each file's content begins a frame of its own, a large one has a frame for each chunk (``boundaries``), and what is
between contents is a frame too. No frame holds more than a megabyte, so memory does not grow with files; the table of
contents and the tar-split data, which grow with their number, are held compressed. Holes stay ordinary chunks.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import zstandard

from jettison.oci.chunked import boundaries, toc
from jettison.oci.chunked.members import Entry, Part, parts
from jettison.oci.chunked.tarsplit import TarSplit, checksum
from jettison.oci.codec import DEFAULT_LEVEL, Sink
from jettison.oci.tar import Stream

#: Annotations of the layer's descriptor: Podman before 4.4 knows only the old ones.
OLD, NEW = "io.containers.zstd-chunked.", "io.github.containers.zstd-chunked."
CHECKSUM = NEW + "manifest-checksum"
_SKIPPABLE = b"\x50\x2a\x4d\x18"
_MAGIC = b"GNUlInUx"
_MANIFEST_TYPE = 1
#: What containers/storage leaves out when it pulls in part, so that such a layer had better be pulled whole, unless
#: it is below /dev, where a container sees something else.
_LEFT_OUT = {"char": "a device", "block": "a device", "fifo": "a FIFO"}


@dataclass(frozen=True, slots=True)
class Written:
    """The annotations of the blob; where there are none, ``odd`` says why it is but an ordinary zstd stream."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    odd: str = ""


def write(sink: Sink, plain: Stream, level: int | None = None) -> Written:
    """Compress ``plain``; the same archive and level give the same bytes, and what is no tar just goes through."""
    return _Writer(sink, DEFAULT_LEVEL["zstd"] if level is None else level).run(plain)


class _Writer:
    def __init__(self, sink: Sink, level: int) -> None:
        self._sink = sink
        self._compressor = zstandard.ZstdCompressor(level=level)
        self._table = zstandard.ZstdCompressor(level=level).compressobj()
        self._packed: list[bytes] = []
        self._table_size = 0
        self._split = TarSplit(level)
        self._seen: set[str] = set()
        self._at = 0

    def run(self, plain: Stream) -> Written:
        self._add_to_table(b'{"version":1,"entries":[')
        odd = ""
        for part in parts(plain):
            self._frame(part.raw)
            self._split.segment(part.raw)
            if part.entry is None:
                odd = part.odd or odd
                self._rest(part.content, odd)
                continue
            odd = odd or self._why_odd(part.entry)
            self._member(part, part.entry)
        return Written(odd=odd) if odd else self._finish()

    def _why_odd(self, entry: Entry) -> str:
        """What clients leave out; and a second member of one name, which tar-split refuses."""
        name = "/".join(word for word in entry.name.split("/") if word not in ("", "."))
        if (what := _LEFT_OUT.get(entry.kind)) and not name.startswith("dev/"):
            return f"{entry.name!r} is {what}, which clients leave out of partial pulls"
        if name in self._seen:
            return f"it has {entry.name!r} twice"
        self._seen.add(name)
        return ""

    def _rest(self, content: Iterator[bytes], odd: str) -> None:
        for piece in content:
            self._frame(piece)
            if not odd:
                self._split.segment(piece)

    def _member(self, part: Part, entry: Entry) -> None:
        whole, crc = hashlib.sha256(), 0
        found = []
        for data in boundaries.chunks(part.content, entry.size):
            whole.update(data)
            crc = checksum(crc, data)
            found.append(toc.Chunk(self._at, len(data), f"sha256:{hashlib.sha256(data).hexdigest()}"))
            self._frame(data)
        self._split.content(entry.name, entry.size, crc)
        for value in toc.entries(entry, found, self._at, f"sha256:{whole.hexdigest()}"):
            comma = b"," if self._table_size > 30 else b""
            self._add_to_table(comma + toc.dumps(value))

    def _frame(self, data: bytes) -> None:
        if data:
            self._put(self._compressor.compress(data))

    def _add_to_table(self, data: bytes) -> None:
        self._table_size += len(data)
        if packed := self._table.compress(data):
            self._packed.append(packed)

    def _finish(self) -> Written:
        split = self._split.data()
        self._add_to_table(b'],"tarSplitDigest":"sha256:%s"}' % hashlib.sha256(split).hexdigest().encode())
        table = b"".join((*self._packed, self._table.flush()))
        table_at = self._skippable(table)
        split_at = self._skippable(split)
        numbers = (table_at, len(table), self._table_size, _MANIFEST_TYPE, split_at, len(split), self._split.size)
        self._skippable(struct.pack("<7Q", *numbers) + _MAGIC)
        known = {
            "manifest-checksum": f"sha256:{hashlib.sha256(table).hexdigest()}",
            "manifest-position": ":".join(map(str, numbers[:4])),
        }
        split_notes = {
            "tarsplit-position": ":".join(map(str, numbers[4:])),
            "tarsplit-checksum": f"sha256:{hashlib.sha256(split).hexdigest()}",
        }
        return Written(
            {prefix + key: value for prefix in (OLD, NEW) for key, value in known.items()}
            | {NEW + key: value for key, value in split_notes.items()}
        )

    def _skippable(self, data: bytes) -> int:
        """Append a frame that decoders leave out; gives where its data begins."""
        self._put(_SKIPPABLE + struct.pack("<I", len(data)))
        at = self._at
        self._put(data)
        return at

    def _put(self, data: bytes) -> None:
        self._sink.write(data)
        self._at += len(data)
