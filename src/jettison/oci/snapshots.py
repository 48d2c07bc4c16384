"""Unpacked layers: made once, in overlayfs form, under the digest of their uncompressed archive."""

from __future__ import annotations

import ctypes
import errno
import os
import queue
import threading
from pathlib import Path
from typing import BinaryIO

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
    with codec.reader(blob) as plain:
        ahead = _ReadAhead(plain, layer.diff_id)
        try:
            unpack(ahead, directory)
            ahead.finish()
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


def sync(directory: Path) -> None:
    """Bring the directory's file system to disk (syncfs), so that a rename that follows tells the truth."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        ctypes.CDLL(None).syncfs(handle)
    finally:
        os.close(handle)


class _ReadAhead:
    """A stream that another thread reads and hashes a few chunks ahead."""

    def __init__(self, stream: BinaryIO, digest: Digest) -> None:
        self._stream, self._algorithm = stream, digest.algorithm
        self._hash = digest.hasher()
        self._queue: queue.Queue[bytes | BaseException] = queue.Queue(_AHEAD)
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

    def read(self, _size: int, /) -> bytes:
        """The next chunk, nothing at the end."""
        if self._ended:
            return b""
        found = self._queue.get()
        if isinstance(found, BaseException):
            raise found
        self._ended = not found
        return found

    def finish(self) -> None:
        """Read on to the end: what follows an archive's end mark still belongs to its digest."""
        while not self._ended:
            self.read(codec.CHUNK)

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
