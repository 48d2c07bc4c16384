"""Make a layer of paths of a tree: archive, digest, compression and store in one pass."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Iterable
from pathlib import Path

from jettison.filetree import FileTree
from jettison.oci import codec, mediatypes, tarwriter
from jettison.oci.codec import Sink
from jettison.oci.digest import Digest
from jettison.oci.image import Layer
from jettison.oci.layout import Store

_AHEAD = 16


def store_layer(
    store: Store,
    tree: FileTree,
    paths: Iterable[str],
    whiteouts: Iterable[str] = (),
    *,
    compression: str = "zstd",
    level: int | None = None,
    epoch: int | None = None,
    snapshot: Path | None = None,
) -> Layer:
    """Write ``paths`` of ``tree`` and ``whiteouts`` as one layer into ``store``.

    ``epoch`` (seconds) is the latest modification time that is written. ``snapshot`` is a directory that holds just
    this layer in overlayfs form; the store takes it over. Reading and compressing overlap.
    """
    with store.blob_writer(media_type=mediatypes.layer_type(compression)) as blob:
        with codec.writer(blob, compression, level) as packed:
            pipe = _Pipe(packed)
            try:
                tarwriter.write_layer(pipe, tree, paths, whiteouts, epoch)
            finally:
                pipe.close()
        layer = Layer(blob.commit(), pipe.digest())
    if snapshot is not None:
        store.adopt_snapshot(snapshot, layer.diff_id)
    return layer


class _Pipe:
    """Hashes what is written, and hands it in chunks to a thread that compresses."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._hash = hashlib.sha256()
        self._parts: list[bytes] = []
        self._size = 0
        self._queue: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size >= codec.CHUNK:
            self._flush()

    def _flush(self) -> None:
        if self._error:
            raise self._error
        self._queue.put(b"".join(self._parts))
        self._parts, self._size = [], 0

    def _work(self) -> None:
        while (data := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._hash.update(data)
                    self._sink.write(data)
                except BaseException as error:
                    self._error = error  # the queue is still drained, so that the writer never blocks

    def close(self) -> None:
        if self._parts:
            self._queue.put(b"".join(self._parts))
        self._queue.put(None)
        self._thread.join()
        if self._error:
            raise self._error

    def digest(self) -> Digest:
        return Digest("sha256", self._hash.hexdigest())
