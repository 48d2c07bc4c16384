"""The tar-split data of a layer: its archive without the contents, so that a client can make it whole again.

The format is that of vbatts/tar-split, tar/storage: an object a line, of type 1 for a member's content (its name, its
size, and its CRC-64) and of type 2 for the bytes between.
"""

from __future__ import annotations

import base64
from typing import Any

import zstandard

from jettison.oci.chunked import crc64
from jettison.oci.chunked.toc import dumps

#: Bytes summed at a time: the sum is fastest while they fit into a processor's cache.
_PIECE = 16 << 10


class TarSplit:
    """Collects the lines, compressed."""

    def __init__(self, level: int) -> None:
        self._packer = zstandard.ZstdCompressor(level=level).compressobj()
        self._packed: list[bytes] = []
        self._lines = 0
        #: The size of what was collected, in bytes, before its compression.
        self.size = 0

    def segment(self, raw: bytes) -> None:
        """Bytes of the archive that are no content."""
        if raw:
            self._line({"type": 2, "payload": base64.b64encode(raw).decode()})

    def content(self, name: str, size: int, crc: int) -> None:
        """A member's content, which may be empty."""
        value: dict[str, Any] = {"type": 1, "name": name, "payload": None}
        if size:
            value |= {"size": size, "payload": base64.b64encode(crc.to_bytes(8, "big")).decode()}
        self._line(value)

    def data(self) -> bytes:
        """Everything, compressed; nothing can be added any more."""
        return b"".join((*self._packed, self._packer.flush()))

    def _line(self, value: dict[str, Any]) -> None:
        line = dumps(value | {"position": self._lines}) + b"\n"
        self._lines += 1
        self.size += len(line)
        if packed := self._packer.compress(line):
            self._packed.append(packed)


def checksum(crc: int, data: bytes) -> int:
    """``crc`` of what came before, and of ``data``."""
    view = memoryview(data)
    for at in range(0, len(view), _PIECE):
        crc = crc64.update(crc, view[at : at + _PIECE])
    return crc
