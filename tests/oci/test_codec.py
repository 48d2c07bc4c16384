"""Compression both ways: what is compressed comes back, what is damaged is refused, and a bomb does not go off."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import sys

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import archive, file
from jettison.errors import InvalidArchive, InvalidInput
from jettison.oci import codec, tar
from samples import noise

DATA = noise(300_000) + bytes(3_000_000) + b"end"
ALL = ["none", "gzip", "zstd"]


def packed(data: bytes, compression: str, level: int | None = None, piece: int = 100_000) -> bytes:
    sink = io.BytesIO()
    with codec.writer(sink, compression, level) as writer:
        for at in range(0, len(data), piece):
            writer.write(data[at : at + piece])
    assert not sink.closed
    return sink.getvalue()


def plain(data: bytes, compression: str | None = None) -> bytes:
    source = io.BytesIO(data)
    with codec.reader(source, compression) as reader:
        found = reader.read()
    assert not source.closed
    return found


@pytest.mark.parametrize("compression", ALL)
@pytest.mark.parametrize("data", [b"", b"x", DATA], ids=["empty", "one", "much"])
def test_there_and_back(compression: str, data: bytes) -> None:
    assert plain(packed(data, compression), compression) == data
    assert plain(packed(data, compression)) == data


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(ALL), st.integers(1, 700))
def test_pieces_do_not_matter(data: bytes, compression: str, piece: int) -> None:
    assert packed(data, compression, piece=piece) == packed(data, compression, piece=2000)


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_others_read_what_we_write(compression: str) -> None:
    unpack = {"gzip": gzip.decompress, "zstd": lambda d: zstandard.ZstdDecompressor().decompressobj().decompress(d)}
    assert unpack[compression](packed(DATA, compression)) == DATA


def test_levels() -> None:
    assert len(packed(DATA, "zstd", 19)) <= len(packed(DATA, "zstd", 1))
    assert plain(packed(DATA, "zstd", -5)) == plain(packed(DATA, "gzip", 0)) == DATA
    for compression, level in (("gzip", 9), ("zstd", 23), ("none", 1)):
        with pytest.raises(InvalidInput, match=f"cannot compress: {compression} has levels"):
            packed(DATA, compression, level)
    with pytest.raises(InvalidInput, match="cannot compress: 'lz4' is none of"):
        packed(DATA, "lz4")
    with pytest.raises(InvalidInput, match="compression 'bzip2' is neither gzip nor zstd"):
        plain(bz2.compress(DATA))


def test_the_first_bytes_tell() -> None:
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0note"
    assert codec.sniff(packed(DATA, "zstd")) == codec.sniff(skippable) == "zstd"
    assert codec.sniff(packed(DATA, "gzip")) == "gzip"
    assert (codec.sniff(bz2.compress(b"")), codec.sniff(lzma.compress(b""))) == ("bzip2", "xz")
    assert codec.sniff(b"") == codec.sniff(DATA) == "none"


def test_several_members_and_frames_are_one() -> None:
    assert plain(gzip.compress(b"one") + gzip.compress(b"two")) == b"onetwo"
    skippable = b"\x5a\x2a\x4d\x18\x04\0\0\0note"
    frames = packed(b"one", "zstd") + skippable + packed(b"two", "zstd") + skippable
    assert plain(frames) == b"onetwo"


def test_zeros_after_gzip_are_padding() -> None:
    assert plain(gzip.compress(b"one") + bytes(2000)) == b"one"


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_rubbish_after_the_end(compression: str) -> None:
    with pytest.raises(InvalidArchive, match=f"cannot decompress {compression} data: "):
        plain(packed(b"one", compression) + b"rubbish, and more of it", compression)


@pytest.mark.parametrize("at", [5, 20, 5000, 300_000])
def test_truncated(at: int) -> None:
    with pytest.raises(InvalidArchive, match="cannot decompress gzip data: "):
        plain(packed(DATA, "gzip")[:at], "gzip")


def test_truncated_zstd_just_ends() -> None:
    """The library does not tell; archives know their end, and blobs have digests."""
    with pytest.raises(InvalidArchive, match="cannot read tar: it is truncated"):
        list(tar.read(codec.reader(io.BytesIO(packed(archive(file("a", DATA)).getvalue(), "zstd")[:200_000]))))


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_damaged(compression: str) -> None:
    data = bytearray(packed(DATA, compression))
    for at in range(6, 60):
        data[at] ^= 0xFF
    with pytest.raises(InvalidArchive, match=f"cannot decompress {compression} data: "):
        plain(bytes(data), compression)


def bomb(compression: str, size: int) -> bytes:
    """Zeros, as compressed as they get."""
    sink = io.BytesIO()
    with codec.writer(sink, compression, 19 if compression == "zstd" else None) as writer:
        for _ in range(size >> 20):
            writer.write(bytes(1 << 20))
    return sink.getvalue()


def test_ten_thousand_fold() -> None:
    data = bomb("zstd", 256 << 20)
    assert (256 << 20) / len(data) > 10_000
    with pytest.raises(InvalidArchive, match="expands more than 2,000-fold"):
        plain(data)


def test_what_is_small_may_expand_as_it_likes() -> None:
    assert len(plain(bomb("zstd", 32 << 20))) == 32 << 20


def test_a_window_too_large() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=False)
    data = zstandard.ZstdCompressor(compression_params=parameters).compressobj().compress(noise(100_000))
    with pytest.raises(InvalidArchive, match="cannot decompress zstd data: "):
        plain(data + b"\1\0\0", "zstd")


MEMORY = """
import re, sys
from jettison.oci import codec

class Null:
    def write(self, data): return len(data)

class Text:
    left = 1 << 10
    def read(self, size):
        self.left -= 1
        return b"some text".ljust(64, b".") * (size // 64) if self.left >= 0 else b""

with codec.writer(Null(), sys.argv[1]) as writer:
    source = Text()
    while data := source.read(1 << 20):
        writer.write(data)
print(re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_gibibyte_in_bounded_memory(compression: str) -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY, compression], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150_000, "KiB"
