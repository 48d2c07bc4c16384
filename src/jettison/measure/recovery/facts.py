"""The facts of an image that a pull depends on, from its manifest and its layers."""

from __future__ import annotations

from jettison.measure.bench.subject import count
from jettison.measure.model import ImageFacts, LayerFacts
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store


def facts(store: Store, image: Image, name: str) -> ImageFacts:
    """``image`` must be in ``store``. Every layer is read once, and what was counted is remembered."""
    layers = tuple(_layer(store, layer) for layer in image.layers)
    disk = sum(layer.uncompressed_bytes for layer in layers)
    files = sum(layer.files for layer in layers)
    digest = str(image.descriptor.digest) if image.descriptor else ""
    return ImageFacts(name, digest, image.compressed_bytes, disk, files, layers)


def _layer(store: Store, layer: Layer) -> LayerFacts:
    known = store.record("layer-facts", str(layer.diff_id)) or {}
    if not {"bytes", "files"} <= set(known):
        known = dict(zip(("bytes", "files"), count(store, layer), strict=True))
        store.put_record("layer-facts", str(layer.diff_id), known)
    digest, size = str(layer.descriptor.digest), layer.descriptor.size
    return LayerFacts(digest, size, int(known["bytes"]), int(known["files"]))
