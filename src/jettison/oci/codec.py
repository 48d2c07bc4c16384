"""Compression of layers: gzip (by ISA-L) and zstd, both ways, as streams of bounded memory."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol, cast

import zstandard
from isal import igzip

from jettison.errors import InvalidArchive, InvalidInput

#: Bytes handed on at a time.
CHUNK = 1 << 20
#: More output for each byte of input than this is a bomb, once ``FREE`` bytes came out (gzip reaches 1,032).
RATIO_LIMIT = 2_000
FREE = 64 << 20
#: A zstd frame may ask for a window; this is what the format recommends decoders to support at least, times 16.
WINDOW_LIMIT = 128 << 20

#: zstd gives the same bytes for any number of threads from 1 on; each costs some megabytes.
_THREADS = min(os.cpu_count() or 1, 4)

DEFAULT_LEVEL = {"gzip": 2, "zstd": 3, "none": 0}
_LEVELS = {"gzip": range(4), "zstd": range(-7, 23), "none": range(1)}
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"))


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> Any: ...


def sniff(head: bytes) -> str:
    """``gzip``, ``zstd``, ``bzip2``, ``xz`` or ``none``, told by the first bytes (a skippable zstd frame counts)."""
    if len(head) >= 4 and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50:
        return "zstd"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "none")


class _Counted(io.RawIOBase):
    """Counts what was read of a stream, and leaves it open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Guarded(io.RawIOBase):
    """A decompressing stream whose errors are ours, and which stops at a bomb."""

    def __init__(self, plain: Any, packed: _Counted, compression: str) -> None:
        self._plain, self._packed, self._compression = plain, packed, compression
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            size = self._plain.readinto(buffer)
        except (OSError, EOFError, ValueError, zstandard.ZstdError, igzip.BadGzipFile) as error:
            raise InvalidArchive(f"cannot decompress {self._compression} data: {error}") from error
        except Exception as error:  # isal raises a type of its own that it does not export everywhere
            raise InvalidArchive(f"cannot decompress {self._compression} data: {error}") from error
        self._count += size
        if self._count > FREE and self._count > RATIO_LIMIT * max(self._packed.count, 1):
            raise InvalidArchive(
                f"cannot decompress {self._compression} data: it expands more than {RATIO_LIMIT:,}-fold"
            )
        return int(size)


def reader(stream: BinaryIO, compression: str | None = None) -> BinaryIO:
    """The decompressed bytes of ``stream``. Reading raises ``InvalidArchive`` for broken data or a bomb.

    Without ``compression`` the first bytes tell it, as Docker does: Podman has pushed layers whose media types lie.
    """
    counted = _Counted(stream)
    packed = io.BufferedReader(counted, CHUNK)
    if compression is None:
        compression = sniff(packed.peek(8)[:8])
    if compression == "none":
        return packed
    if compression == "gzip":
        plain: Any = igzip.IGzipFile(fileobj=packed, mode="rb")  # type: ignore[no-untyped-call]
    elif compression == "zstd":
        decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT)
        plain = decompressor.stream_reader(packed, read_size=CHUNK, read_across_frames=True)
    else:
        raise InvalidInput(f"cannot read a layer: compression {compression!r} is neither gzip nor zstd")
    return io.BufferedReader(_Guarded(plain, counted, compression), CHUNK)


@contextmanager
def writer(sink: Sink, compression: str, level: int | None = None) -> Iterator[Sink]:
    """Compress what is written into ``sink``, which stays open. The same bytes and level give the same output."""
    if compression not in _LEVELS:
        raise InvalidInput(f"cannot compress: {compression!r} is none of {', '.join(_LEVELS)}")
    level = DEFAULT_LEVEL[compression] if level is None else level
    if level not in _LEVELS[compression]:
        allowed = _LEVELS[compression]
        raise InvalidInput(f"cannot compress: {compression} has levels {allowed[0]} to {allowed[-1]}, not {level}")
    if compression == "none":
        yield sink
    elif compression == "gzip":
        with igzip.IGzipFile(  # type: ignore[no-untyped-call]
            filename="", fileobj=_Unclosed(sink), mode="wb", compresslevel=level, mtime=0
        ) as packed:
            yield packed
    else:
        compressor = zstandard.ZstdCompressor(level=level, threads=_THREADS)
        with compressor.stream_writer(cast(BinaryIO, _Unclosed(sink)), closefd=False) as chunker:
            yield chunker


class _Unclosed(io.RawIOBase):
    """A sink for codecs that would close it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sink.write(data)
        return len(data)
