"""``Packages.db``, the database of SUSE (rpm, lib/backend/ndb): slots that say where each package's header is."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MAGIC = b"RpmP"
_PAGE, _BLOCK, _HEADER = 4096, 16, 32
_SLOT = struct.Struct("<4s3I")  # "Slot", number of the package, its first block, its blocks
_BLOB = struct.Struct("<4s3I")  # "BlbS", number of the package, generation, bytes


def headers(data: bytes) -> Iterator[bytes]:
    """The header of each package; raises ``ValueError`` for what is no such database."""
    if data[:4] != _MAGIC or len(data) < _HEADER:
        raise ValueError("it is no ndb database")
    version, _, pages = struct.unpack_from("<3I", data, 4)
    end = pages * _PAGE
    if version or not _HEADER < end <= len(data):
        raise ValueError("its slots are longer than what is there")
    total = 0
    for magic, number, block, _ in _SLOT.iter_unpack(data[_HEADER:end]):
        if magic != b"Slot":
            raise ValueError("a slot is broken")
        if number:
            blob = _blob(data, number, block * _BLOCK)
            total += len(blob)
            if total > len(data):
                raise ValueError("its packages are longer than what is there")
            yield blob


def _blob(data: bytes, number: int, offset: int) -> bytes:
    if offset + _BLOB.size > len(data):
        raise ValueError("a package is outside of the file")
    magic, same, _, size = _BLOB.unpack_from(data, offset)
    start = offset + _BLOB.size
    if magic != b"BlbS" or same != number or start + size > len(data):
        raise ValueError("a package is broken")
    return data[start : start + size]
