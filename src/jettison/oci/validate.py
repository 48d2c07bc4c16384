"""Everything that an image says about itself, checked: digests, sizes, media types, diff IDs, history."""

from __future__ import annotations

from jettison.errors import IntegrityError, InvalidInput
from jettison.oci import codec, mediatypes, tar
from jettison.oci.descriptor import Descriptor
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.manifest import Manifest, parse


def validate(store: Store, image: Image) -> None:
    """Read every byte of ``image`` and compare it with what its documents announce.

    Raises ``IntegrityError`` for a digest or a size, ``InvalidInput`` for documents that disagree,
    ``InvalidArchive`` for a layer that is no tar, ``NotFound`` for what is missing.
    """
    if image.descriptor is None:
        raise InvalidInput("cannot validate image: it was not stored")
    document = parse(store.read_blob(image.descriptor.digest), image.descriptor.media_type)
    if not isinstance(document, Manifest):
        raise InvalidInput(f"cannot validate {image.descriptor.digest}: it is an index, not an image")
    _size(store, image.descriptor)
    _documents(store, image, document)
    for layer in image.layers:
        _layer(store, layer)


def _documents(store: Store, image: Image, manifest: Manifest) -> None:
    if manifest.config.media_type not in mediatypes.CONFIGS:
        raise InvalidInput(f"cannot accept configuration: media type {manifest.config.media_type!r}")
    _size(store, manifest.config)
    store.read_blob(manifest.config.digest)
    if tuple(layer.descriptor for layer in image.layers) != manifest.layers:
        raise InvalidInput("cannot accept image: its layers are not those of its manifest")
    if tuple(layer.diff_id for layer in image.layers) != image.config.diff_ids:
        raise InvalidInput("cannot accept image: its layers are not those of its configuration")
    brought = sum(not line.empty_layer for line in image.config.history)
    if image.config.history and brought != len(image.layers):
        raise InvalidInput(
            f"cannot accept image: its history brings {brought} layers, its manifest has {len(image.layers)}"
        )


def _size(store: Store, blob: Descriptor) -> None:
    with store.open_blob(blob.digest) as file:
        there = file.seek(0, 2)
    if there != blob.size:
        raise IntegrityError(f"cannot accept blob {blob.digest}: it has {there} bytes, {blob.size} were announced")


def _layer(store: Store, layer: Layer) -> None:
    """One layer: its blob, its content, and that this is a tar from the first member to the last."""
    if layer.descriptor.media_type not in mediatypes.LAYER_COMPRESSION:
        raise InvalidInput(f"cannot accept layer: media type {layer.descriptor.media_type!r}")
    _size(store, layer.descriptor)
    packed, plain = layer.descriptor.digest.hasher(), layer.diff_id.hasher()
    with store.open_blob(layer.descriptor.digest) as blob:
        while data := blob.read(codec.CHUNK):
            packed.update(data)
    if packed.hexdigest() != layer.descriptor.digest.hex:
        raise IntegrityError(f"cannot accept layer {layer.descriptor.digest}: its content is another")
    with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as content:
        while data := content.read(codec.CHUNK):
            plain.update(data)
    if plain.hexdigest() != layer.diff_id.hex:
        raise IntegrityError(f"cannot accept layer {layer.descriptor.digest.short}: its diff ID is not {layer.diff_id}")
    with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as content:
        for _ in tar.read(content):
            pass
