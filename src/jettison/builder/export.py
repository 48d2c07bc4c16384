"""From overlayfs directories to layers: whiteouts named, blobs written, snapshots kept under their diff IDs."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jettison.filetree import OPAQUE, index
from jettison.oci.image import Layer
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store


def make_layer(store: Store, snapshot: Path, *, compression: str, level: int | None, epoch: int | None) -> Layer:
    """The layer of an overlayfs directory, which becomes the snapshot of that layer."""
    tree = index([snapshot])
    layer = store_layer(
        store, tree, list(tree), list(whiteouts(snapshot)), compression=compression, level=level, epoch=epoch
    )
    store.link_snapshot(layer.diff_id, snapshot)
    return layer


def whiteouts(snapshot: Path) -> Iterator[str]:
    """What an overlayfs directory deletes: paths, and ``DIRECTORY/.wh..opq`` for what an opaque one hides."""
    waiting = [("", os.fspath(snapshot))]
    while waiting:
        inside, outside = waiting.pop()
        if inside and _is_opaque(outside):
            yield f"{inside}/.wh..opq"
        with os.scandir(outside) as found:
            for item in found:
                path = f"{inside}/{item.name}"
                status = item.stat(follow_symlinks=False)
                if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
                    yield path
                elif stat.S_ISDIR(status.st_mode):
                    waiting.append((path, item.path))


def _is_opaque(directory: str) -> bool:
    try:
        return os.getxattr(directory, OPAQUE) == b"y"
    except OSError:
        return False
