"""A blob that is read while it still comes in, so that a layer is unpacked while it is downloaded."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

from jettison.errors import JettisonError
from jettison.oci.blobwriter import BlobWriter


class Growing(io.RawIOBase):
    """The bytes of a blob that a ``Telling`` appends to. Reading waits for more, until it was finished or failed.

    What is read was not verified: whoever reads it keeps nothing before the blob was committed.
    """

    def __init__(self, path: Path, there: int) -> None:
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115
        self._there = there
        self._at = 0
        self._ended = False
        self._failed = False
        self._changed = threading.Condition()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as there is something; raises ``JettisonError`` where no more will come."""
        with self._changed:
            self._changed.wait_for(lambda: self._there > self._at or self._ended)
            if self._failed:
                raise JettisonError("cannot unpack a layer: its download has failed")
            limit = self._there - self._at
        size = self._file.readinto(memoryview(buffer)[:limit])
        self._at += size
        return size

    def close(self) -> None:
        self._file.close()
        super().close()

    def grow(self, there: int) -> None:
        """So many bytes are there now."""
        with self._changed:
            self._there = there
            self._changed.notify_all()

    def end(self, *, failed: bool) -> None:
        """No more will come."""
        with self._changed:
            self._ended, self._failed = True, self._failed or failed
            self._changed.notify_all()


class Telling:
    """A sink that writes into a blob and tells its reader."""

    def __init__(self, writer: BlobWriter, reader: Growing) -> None:
        self._writer, self._reader = writer, reader

    @property
    def offset(self) -> int:
        """Bytes taken so far."""
        return self._writer.offset

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""
        size = self._writer.write(data)
        self._reader.grow(self._writer.offset)
        return size
