"""Reading zstd:chunked and eStargz blobs by their own rules, and archives that are hard to say."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

import zstandard

from jettison.oci.chunked.write import NEW

Toc = list[dict[str, Any]]


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def skippable(blob: bytes, position: str) -> bytes:
    """What is in the skippable frame that an annotation points at, decompressed to the size that it says."""
    offset, length, size = map(int, position.split(":")[:3])
    assert blob[offset - 8 : offset] == b"\x50\x2a\x4d\x18" + length.to_bytes(4, "little")
    found = zstandard.ZstdDecompressor().decompressobj().decompress(blob[offset : offset + length])
    assert len(found) == size
    return found


def chunked_toc(blob: bytes, notes: Mapping[str, str]) -> Toc:
    """The table of contents, its sum verified."""
    offset, length = map(int, notes[NEW + "manifest-position"].split(":")[:2])
    assert sha256(blob[offset : offset + length]) == notes[NEW + "manifest-checksum"]
    value = json.loads(skippable(blob, notes[NEW + "manifest-position"]))
    assert value["version"] == 1
    offset, length = map(int, notes[NEW + "tarsplit-position"].split(":")[:2])
    assert sha256(blob[offset : offset + length]) == value["tarSplitDigest"] == notes[NEW + "tarsplit-checksum"]
    found: Toc = value["entries"]
    return found


def chunked_files(blob: bytes, toc: Toc) -> dict[str, bytes]:
    """Every regular file, read only at the offsets of the table, every digest verified."""
    found: dict[str, bytes] = {}
    for each in toc:
        if "offset" not in each:
            continue
        piece = zstandard.ZstdDecompressor().decompressobj().decompress(blob[each["offset"] :])
        assert len(piece) == each.get("chunkSize", each.get("size"))
        assert "chunkDigest" not in each or sha256(piece) == each["chunkDigest"]
        assert each.get("chunkOffset", 0) == len(found.get(each["name"], b""))
        found[each["name"]] = found.get(each["name"], b"") + piece
    for each in toc:
        if each["type"] == "reg":
            content = found.setdefault(each["name"], b"")
            assert len(content) == each.get("size", 0)
            assert not content or sha256(content) == each["digest"]
    return found


def joined(blob: bytes, notes: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """The archive again, of the tar-split data and the files."""
    made = []
    for line in skippable(blob, notes[NEW + "tarsplit-position"]).splitlines():
        value = json.loads(line)
        if value["type"] == 2:
            made.append(base64.b64decode(value["payload"]))
        elif value.get("size"):
            made.append(files[value["name"]])
            assert crc64(made[-1]) == int.from_bytes(base64.b64decode(value["payload"]), "big")
    return b"".join(made)


def crc64(data: bytes) -> int:
    """Bit by bit, as ISO 3309 defines it; only for small data."""
    crc = (1 << 64) - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xD800000000000000 if crc & 1 else 0)
    return crc ^ ((1 << 64) - 1)


def estargz_toc(blob: bytes) -> tuple[bytes, int]:
    """The JSON that the footer points at, and where its gzip member begins."""
    footer = blob[-51:]
    assert footer[:4] == b"\x1f\x8b\x08\x04"
    assert footer[10:16] == b"\x1a\x00SG\x16\x00"
    assert footer[32:38] == b"STARGZ"
    assert gzip.decompress(footer) == b""
    at = int(footer[16:32], 16)
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob[at:-51]))) as archive:
        assert archive.getnames() == ["stargz.index.json"]
        file = archive.extractfile("stargz.index.json")
        assert file
        return file.read(), at


def estargz_files(blob: bytes, toc: Toc) -> dict[str, bytes]:
    """Every regular file, each piece read at its offset only and no more than it says, every digest verified."""
    found: dict[str, bytes] = {each["name"]: b"" for each in toc if each["type"] == "reg"}
    sizes = {each["name"]: each.get("size", 0) for each in toc if each["type"] == "reg"}
    for each in toc:
        if each["type"] not in ("reg", "chunk") or not sizes[each["name"]]:
            continue
        left = each.get("chunkSize") or sizes[each["name"]] - each.get("chunkOffset", 0)
        assert len(found[each["name"]]) == each.get("chunkOffset", 0)
        piece = gzip.GzipFile(fileobj=io.BytesIO(blob[each["offset"] :])).read(left)
        assert sha256(piece) == each["chunkDigest"]
        found[each["name"]] += piece
    assert all(each["digest"] == sha256(found[each["name"]]) for each in toc if each["type"] == "reg")
    return found
