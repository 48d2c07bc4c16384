"""Chains of snapshots: what a stage's root file system is made of, and which steps are known already.

What a step changes is a snapshot under a name of its own, and a record of kind ``build`` leads from the step's cache
key to it. Keys of later steps are made of the snapshots below them, so a step that was built anew (``--no-cache``)
is followed by none that stood on its old result. A snapshot whose layer was written has the diff ID as second name.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jettison.builder.export import make_layer
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.runtime import kernel

_STEP, _LAYER = "build", "build-layer"


@dataclass(frozen=True, slots=True)
class Piece:
    """One layer of a root file system, named by its snapshot. ``layer`` is set for those of a base image."""

    name: str
    layer: Layer | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: the name of a snapshot, ``""`` where it changed nothing; ``created`` is RFC 3339."""

    created: str
    snapshot: str = ""


def cache_key(*parts: Any) -> str:
    """A hash over JSON values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def chain_key(chain: Iterable[Piece]) -> str:
    """What identifies a whole root file system."""
    return cache_key([piece.name for piece in chain])


def base_chain(image: Image) -> tuple[Piece, ...]:
    """The layers of an image."""
    return tuple(Piece(layer.diff_id.hex, layer) for layer in image.layers)


def directories(store: Store, chain: Iterable[Piece]) -> list[Path]:
    """Where the pieces are, lowest first; layers of base images are unpacked where they were not yet."""
    return [store.snapshot(piece.layer) if piece.layer else snapshot(store, piece.name) for piece in chain]


def snapshot(store: Store, name: str) -> Path:
    """The directory of what a step changed."""
    return store.snapshot_path(Digest("sha256", name))


def new_name() -> str:
    """A name for a snapshot, like a digest, but of nothing."""
    return hashlib.sha256(uuid.uuid4().bytes).hexdigest()


def recall(store: Store, key: str) -> Made | None:
    """What an earlier run of a step made, if it is still there and can be trusted."""
    value = store.record(_STEP, key)
    if value is None:
        return None
    made = Made(value["created"], value["snapshot"])
    if made.snapshot and not (value["boot"] in ("", boot()) and snapshot(store, made.snapshot).is_dir()):
        return None
    return made


def remember(store: Store, key: str, made: Made, *, durable: bool = False) -> None:
    """Note that a step ended well.

    What is not ``durable`` may not have reached the disk: it counts until the machine starts anew.
    """
    value = {"created": made.created, "snapshot": made.snapshot, "boot": "" if durable else boot()}
    store.put_record(_STEP, key, value)


@cache
def boot() -> str:
    """This run of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def layer(store: Store, key: str, made: Made, compression: str, epoch: int | None) -> Layer:
    """The layer of what the step of ``key`` made, written now unless that was done before."""
    name = f"{made.snapshot} {compression} {epoch}"
    value = store.record(_LAYER, name)
    if value:
        known = Layer(Descriptor.from_json(value["descriptor"]), Digest.parse(value["diff_id"]))
        if store.has(known.descriptor.digest):
            return known
    place = snapshot(store, made.snapshot)
    kernel.syncfs(str(place))
    written = make_layer(store, place, compression=compression, level=None, epoch=epoch)
    value = {"descriptor": written.descriptor.to_json(), "diff_id": str(written.diff_id)}
    store.put_record(_LAYER, name, value)
    remember(store, key, made, durable=True)
    return written
