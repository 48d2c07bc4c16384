"""Streams whose bytes are decompressed on the way, within bounds, and which say so when they end too early."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO, cast

import zstandard

#: A stream may have this many bytes, or that many times what it is packed in: advisories pack 5 to 40 times.
FLOOR, RATIO = 512 << 20, 200
#: Bytes that a zstd frame may look back (its own limit without ``--long`` is 8 MB).
_WINDOW = 128 << 20
_CHUNK = 1 << 17
#: What decompressing raises where the content is damaged or cut off.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)


def opened(raw: BinaryIO, packed: int) -> BinaryIO:
    """The content of ``raw``, which has ``packed`` bytes: of gzip or zstd, by their first bytes, or as it is."""
    start = raw.read(4)
    raw.seek(0)
    if start[:2] == b"\x1f\x8b":
        inner: io.RawIOBase = _Bounded(cast("BinaryIO", gzip.GzipFile(fileobj=raw)), max(FLOOR, packed * RATIO))
    elif start == b"\x28\xb5\x2f\xfd":
        inner = _Bounded(cast("BinaryIO", _Zstd(raw)), max(FLOOR, packed * RATIO))
    else:
        return raw
    return cast("BinaryIO", io.BufferedReader(inner, _CHUNK))


class _Bounded(io.RawIOBase):
    """Raises ``EOFError``'s sibling ``ValueError`` after ``limit`` bytes."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), _CHUNK))
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("it unpacks to far more than any advisories do")
        buffer[: len(data)] = data
        return len(data)


class _Zstd(io.RawIOBase):
    """``zstandard``'s own reader takes a frame that is cut off for a whole one."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = self._new()
        self._ready = b""

    @staticmethod
    def _new() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; a small piece of input may unpack to much, which waits here."""
        while not self._ready:
            rest = self._frame.unused_data if self._frame.eof else b""
            data = rest or self._raw.read(1024)
            if not data:
                if not self._frame.eof:
                    raise EOFError("it is cut off")
                return b""
            if self._frame.eof:
                self._frame = self._new()
            self._ready = self._frame.decompress(data)
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken
