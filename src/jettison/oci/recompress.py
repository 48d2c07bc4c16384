"""Layers under another compression."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from jettison.errors import InvalidInput
from jettison.oci import codec, mediatypes, parallel
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, Manifest, parse

_CHUNK = 1 << 20
_LEVELS = {"zstd": range(1, 23), "gzip": range(10), "none": range(0)}


@dataclass(frozen=True, slots=True)
class Compression:
    """``gzip``, ``zstd`` or ``none``, and a level (``None``: the codec's own choice).

    gzip takes the usual levels up to 9; ISA-L has no more than 3, and gives that for what is above.
    """

    algorithm: str
    level: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``zstd``, ``zstd:9``, ``gzip:6``, ``none``."""
        algorithm, colon, level = text.partition(":")
        if algorithm not in _LEVELS:
            raise InvalidInput(f"cannot use compression {text!r}: expected gzip, zstd or none, and a level after :")
        if not colon:
            return cls(algorithm)
        levels = _LEVELS[algorithm]
        if not level.isdecimal() or int(level) not in levels:
            which = f"{levels[0]} to {levels[-1]}" if levels else "none"
            raise InvalidInput(f"cannot use compression {text!r}: the levels of {algorithm} are {which}")
        return cls(algorithm, int(level))

    def __str__(self) -> str:
        return self.algorithm if self.level is None else f"{self.algorithm}:{self.level}"


def recompress(store: Store, layer: Descriptor, compression: Compression) -> Descriptor:
    """The same layer under ``compression``, in the store; done once for each layer and compression.

    A layer that has the algorithm already stays as it is unless a level is asked for.
    """
    now = mediatypes.LAYER_COMPRESSION.get(layer.media_type)
    if now is None:
        raise InvalidInput(f"cannot recompress {layer.digest.short}: media type {layer.media_type!r}")
    media_type = mediatypes.layer_type(compression.algorithm)
    if now == compression.algorithm and compression.level is None:
        return replace(layer, media_type=media_type)
    key = f"{layer.digest}-{compression}"
    known = store.record("recompressed", key)
    if known and store.has((found := Descriptor.from_json(known)).digest):
        return found
    with store.open_blob(layer.digest) as file, store.blob_writer(media_type=media_type) as blob:
        with (
            codec.reader(file) as plain,
            codec.writer(blob, compression.algorithm, _codec_level(compression)) as packed,
        ):
            while chunk := plain.read(_CHUNK):
                packed.write(chunk)
        made = blob.commit()
    store.put_record("recompressed", key, made.to_json())
    return made


def _codec_level(compression: Compression) -> int | None:
    if compression.algorithm == "gzip" and compression.level is not None:
        return min(compression.level, 3)
    return compression.level


def recompress_image(store: Store, descriptor: Descriptor, compression: Compression) -> Descriptor:
    """The same image, or every image of an index, with its layers under ``compression``, in the store."""
    document = parse(store.read_blob(descriptor.digest), descriptor.media_type)
    if isinstance(document, Index):
        children = tuple(recompress_image(store, child, compression) for child in document.manifests)
        made: Manifest | Index = replace(document, manifests=children)
    else:
        layers = {blob.digest: blob for blob in document.layers if is_layer(blob)}
        parallel.each(
            lambda blob: layers.update({blob.digest: recompress(store, blob, compression)}),
            tuple(layers.values()),
            os.cpu_count() or 1,
            lambda: None,
        )
        made = with_layers(document, layers)
    if made == document:
        return descriptor
    written = store.put_blob(made.media_type, made.to_bytes())
    return replace(descriptor, media_type=written.media_type, digest=written.digest, size=written.size)


def is_layer(blob: Descriptor) -> bool:
    """Whether this is a file system layer, and not some other artifact that a manifest carries."""
    return blob.media_type in mediatypes.LAYER_COMPRESSION


def with_layers(manifest: Manifest, layers: Mapping[Digest, Descriptor]) -> Manifest:
    """The manifest with other blobs for some layers; it becomes OCI's, as Docker's has no name for zstd."""
    changed = tuple(layers.get(blob.digest, blob) for blob in manifest.layers)
    if changed == manifest.layers:
        return manifest
    config = manifest.config
    if config.media_type == mediatypes.DOCKER_CONFIG:
        config = replace(config, media_type=mediatypes.OCI_CONFIG)
    return replace(manifest, config=config, layers=changed, media_type=mediatypes.OCI_MANIFEST)
