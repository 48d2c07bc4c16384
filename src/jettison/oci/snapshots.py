"""Unpacked layers: made once, in overlayfs form, under the digest of their uncompressed archive."""

from __future__ import annotations

import errno
import hashlib
import os
import queue
import threading
from pathlib import Path
from typing import Any, BinaryIO

from jettison.errors import IntegrityError, OutOfSpace, PrivilegeRequired
from jettison.oci import codec
from jettison.oci.digest import Digest
from jettison.oci.image import Layer
from jettison.oci.unpack import unpack

_AHEAD = 8


def unpack_layer(blob: BinaryIO, layer: Layer, directory: Path) -> None:
    """Decompress and unpack ``blob`` into ``directory``; its uncompressed digest is verified on the way.

    Decompression and hashing run in a thread of their own, since both release the interpreter's lock.
    """
    if os.geteuid() != 0:
        raise PrivilegeRequired("cannot unpack a layer: owners and devices need root; run this as root or with sudo")
    with codec.reader(blob, layer.compression) as plain:
        ahead = _ReadAhead(plain, layer.diff_id)
        try:
            unpack(ahead, os.fspath(directory))  # type: ignore[arg-type]
            while ahead.read(codec.CHUNK):
                pass  # what follows the end of the archive still belongs to its digest
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OutOfSpace("cannot unpack a layer: the disk is full") from error
            raise
        finally:
            ahead.stop()
    if ahead.digest() != layer.diff_id:
        raise IntegrityError(
            f"cannot unpack layer {layer.descriptor.digest.short}: "
            f"its content has digest {ahead.digest()}, the configuration says {layer.diff_id}"
        )


class _ReadAhead:
    """A stream that another thread reads and hashes a few chunks ahead."""

    def __init__(self, stream: BinaryIO, digest: Digest) -> None:
        self._stream, self._algorithm = stream, digest.algorithm
        self._hash = hashlib.new(digest.algorithm)
        self._queue: queue.Queue[bytes | BaseException] = queue.Queue(_AHEAD)
        self._rest = memoryview(b"")
        self._stopped = self._ended = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            while not self._stopped:
                data = self._stream.read(codec.CHUNK)
                self._hash.update(data)
                self._queue.put(data)
                if not data:
                    return
        except BaseException as error:
            self._queue.put(error)

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, fewer only at the end."""
        if len(self._rest) >= size:
            data, self._rest = self._rest[:size], self._rest[size:]
            return bytes(data)
        parts = [bytes(self._rest)]
        missing = size - len(self._rest)
        self._rest = memoryview(b"")
        while missing > 0 and not self._ended:
            found: Any = self._queue.get()
            if isinstance(found, BaseException):
                self._ended = True
                raise found
            self._ended = not found
            parts.append(found[:missing])
            self._rest = memoryview(found)[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)

    def stop(self) -> None:
        """End the thread, also where not everything was read."""
        self._stopped = True
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                continue

    def digest(self) -> Digest:
        """Of all that was read."""
        return Digest(self._algorithm, self._hash.hexdigest())
