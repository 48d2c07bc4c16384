"""The images to measure: in a small store of the bench's own, with their facts."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from jettison.errors import JettisonError
from jettison.filetree import index
from jettison.measure.bench.model import Subject
from jettison.measure.model import ImageFacts, LayerFacts
from jettison.oci import codec, tar, transfer
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.manifest import Manifest
from jettison.oci.manifest import parse as parse_manifest
from jettison.oci.progress import SILENT, Progress
from jettison.oci.recompress import Compression, recompress_image
from jettison.oci.reference import parse


class _Counted:
    """Counts what is read."""

    def __init__(self, stream: tar.Stream) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data


def take(
    store: Store, own: Store, name: str, number: int, compression: str = "", progress: Progress = SILENT,
    *, insecure: bool = False,
) -> Subject:  # fmt: skip
    """Bring the image ``name`` from ``store`` (or from where it is) into the bench's ``own`` store, and describe it."""
    image = transfer.resolve(store, name, progress=progress, insecure=insecure)
    return adopt(store, own, image, name, number, compression)


def adopt(store: Store, own: Store, image: Image, name: str, number: int, compression: str = "") -> Subject:
    """The same for an image that is in ``store``; blobs are linked, not copied, where that can be."""
    assert image.descriptor is not None, "it is in the store"
    wanted = image.descriptor
    if compression:
        wanted = recompress_image(store, wanted, Compression.parse(compression))
        image = store.image(wanted)
    for digest in (wanted.digest, image_config(store, image), *(layer.descriptor.digest for layer in image.layers)):
        _link(store.blob_path(digest), own.blob_path(digest))
    tag = f"bench/image-{number}:1"
    own.tag(str(parse(tag)), wanted)
    return Subject(_facts(store, image, name), image, tag)


def image_config(store: Store, image: Image) -> Digest:
    """The digest of an image's configuration."""
    assert image.descriptor is not None, "it is in the store"
    document = parse_manifest(store.read_blob(image.descriptor.digest))
    assert isinstance(document, Manifest), "an index was resolved"
    return document.config.digest


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _facts(store: Store, image: Image, name: str) -> ImageFacts:
    assert image.descriptor is not None, "it is in the store"
    layers = tuple(_layer(store, layer) for layer in image.layers)
    disk = sum(layer.uncompressed_bytes for layer in layers)
    files = sum(layer.files for layer in layers)
    if os.geteuid() == 0:
        tree = index(store.snapshots(image))
        disk, files = tree.disk_bytes, len(tree)
    digest = str(image.descriptor.digest)
    return ImageFacts(name, digest, image.compressed_bytes, disk, files, layers)


def _layer(store: Store, layer: Layer) -> LayerFacts:
    """Counted once for each layer, and remembered."""
    key = str(layer.diff_id)
    known = store.record("layer-facts", key)
    if not known:
        known = dict(zip(("bytes", "files"), count(store, layer), strict=True))
        store.put_record("layer-facts", key, known)
    found = LayerFacts(str(layer.descriptor.digest), layer.descriptor.size, 0, 0)
    return replace(found, uncompressed_bytes=int(known["bytes"]), files=int(known["files"]))


def count(store: Store, layer: Layer) -> tuple[int, int]:
    """The bytes of a layer's archive without compression, and its members."""
    with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as plain:
        counted = _Counted(plain)
        members = sum(1 for _ in tar.read(counted))
        while counted.read(codec.CHUNK):
            pass
    if not counted.count:
        raise JettisonError(f"cannot measure layer {layer.descriptor.digest.short}: it is empty")
    return counted.count, members
