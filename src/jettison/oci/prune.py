"""What no image of the store needs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jettison.errors import JettisonError
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.manifest import Index, parse
from jettison.oci.removal import discard

if TYPE_CHECKING:
    from jettison.oci.layout import Store


def prune(store: Store, roots: Iterable[Descriptor], *, dry_run: bool) -> int:
    """Remove blobs and snapshots that ``roots`` do not reach, and all records; gives the bytes freed.

    Records only save time, so they go whenever the store is cleaned. Partial downloads go too.
    """
    blobs, diff_ids = _reached(store, roots)
    # A snapshot may be a link to one that a build made and named by its step.
    diff_ids |= {path.resolve().name for path in (store.root / "snapshots").iterdir() if path.name in diff_ids}
    unneeded = [path for path in (store.root / "blobs").glob("*/*") if (path.parent.name, path.name) not in blobs]
    unneeded += [path for path in (store.root / "snapshots").iterdir() if path.name not in diff_ids]
    unneeded += list((store.root / "records").iterdir()) + list((store.root / "partial").iterdir())
    freed = sum(_size(path) for path in unneeded)
    if not dry_run:
        with store.scratch("prune") as aside:
            for path in unneeded:
                _remove(path, aside)
    return freed


def _reached(store: Store, roots: Iterable[Descriptor]) -> tuple[set[tuple[str, str]], set[str]]:
    blobs: set[tuple[str, str]] = set()
    diff_ids: set[str] = set()
    for root in roots:
        for digest in _below(store, root.digest):
            blobs.add((digest.algorithm, digest.hex))
        try:
            diff_ids |= {f"{d.algorithm}-{d.hex}" for d in store.image(root).config.diff_ids}
        except JettisonError:
            continue  # not an image for this machine, so it has no snapshots
    return blobs, diff_ids


def _below(store: Store, digest: Digest) -> Iterator[Digest]:
    yield digest
    if not store.has(digest):
        return
    document = parse(store.read_blob(digest))
    if isinstance(document, Index):
        for child in document.manifests:
            yield from _below(store, child.digest)
    else:
        yield document.config.digest
        yield from (layer.digest for layer in document.layers)


def _size(path: Path) -> int:
    if not path.is_dir() or path.is_symlink():
        return path.lstat().st_size
    return sum(
        os.lstat(os.path.join(directory, name)).st_size for directory, _, names in os.walk(path) for name in names
    )


def _remove(path: Path, aside: Path) -> None:
    """Rename first: a kill half-way leaves nothing incomplete under its name, only more for the next sweep."""
    doomed = aside / path.name
    path.rename(doomed)
    if doomed.is_dir() and not doomed.is_symlink():
        discard(doomed)
    else:
        doomed.unlink()
