"""Layers under another compression."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Self

from jettison.errors import InvalidArchive, InvalidInput
from jettison.oci import codec, mediatypes, parallel
from jettison.oci.blobwriter import disk_errors
from jettison.oci.chunked import write as chunked
from jettison.oci.codec import Sink
from jettison.oci.config import ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.estargz import write as estargz
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, Manifest, parse

_CHUNK = 1 << 20
CHUNKED, ESTARGZ = "zstd:chunked", "estargz"
#: The kind of the store's records of the paths that an image opens, in the order of first open, by its manifest.
OPENED = "opened"
_RECORD = "recompressed"
#: Raised by one whenever the writers of these formats would give other bytes.
_VERSION = 1
_LEVELS = {CHUNKED: range(1, 23), "zstd": range(1, 23), "gzip": range(10), ESTARGZ: range(10), "none": range(0)}
#: What the layer's media type says of the format.
_CODEC = {CHUNKED: "zstd", ESTARGZ: "gzip"}
#: The annotation that tells a layer of the format from one of the plain codec.
_MARK = {CHUNKED: chunked.CHECKSUM, ESTARGZ: estargz.TOC_DIGEST}


@dataclass(frozen=True, slots=True)
class Compression:
    """``gzip``, ``zstd``, ``zstd:chunked``, ``estargz`` or ``none``, and a level (``None``: the codec's own choice).

    gzip takes the usual levels up to 9; ISA-L has no more than 3, and gives that for what is above.
    """

    algorithm: str
    level: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``zstd``, ``zstd:9``, ``zstd:chunked:9``, ``gzip:6``, ``estargz``, ``none``."""
        algorithm = next((name for name in _LEVELS if text == name or text.startswith(f"{name}:")), "")
        if not algorithm:
            known = "gzip, zstd, zstd:chunked, estargz or none"
            raise InvalidInput(f"cannot use compression {text!r}: expected {known}, and a level after :")
        if text == algorithm:
            return cls(algorithm)
        levels, level = _LEVELS[algorithm], text.removeprefix(f"{algorithm}:")
        if not (level.isascii() and level.isdecimal()) or int(level) not in levels:
            which = f"{levels[0]} to {levels[-1]}" if levels else "none"
            raise InvalidInput(f"cannot use compression {text!r}: the levels of {algorithm} are {which}")
        return cls(algorithm, int(level))

    @property
    def codec(self) -> str:
        """What every client needs to read it: ``gzip``, ``zstd`` or ``none``."""
        return _CODEC.get(self.algorithm, self.algorithm)

    @property
    def codec_level(self) -> int | None:
        """The level as ``codec`` takes it."""
        return min(self.level, 3) if self.codec == "gzip" and self.level is not None else self.level

    @property
    def rewrites(self) -> bool:
        """Whether layers get another tar, and so the image another configuration."""
        return self.algorithm == ESTARGZ

    def made(self, layer: Descriptor) -> bool:
        """Whether a layer has this format already."""
        mark = _MARK.get(self.algorithm)
        return mediatypes.LAYER_COMPRESSION.get(layer.media_type) == self.codec and (
            mark is None or mark in layer.annotations
        )

    def __str__(self) -> str:
        return self.algorithm if self.level is None else f"{self.algorithm}:{self.level}"


def recompress(store: Store, layer: Descriptor, compression: Compression, first: Sequence[str] = ()) -> Descriptor:
    """The same layer under ``compression``, in the store; done once for each layer and compression.

    A layer that has the format already stays as it is unless a level is asked for. ``first`` are paths that eStargz
    puts first. What the format cannot say becomes a layer of its codec; ``notes`` tells why.
    """
    if layer.media_type not in mediatypes.LAYER_COMPRESSION:
        raise InvalidInput(f"cannot recompress {layer.digest.short}: media type {layer.media_type!r}")
    media_type = mediatypes.layer_type(compression.codec)
    if compression.made(layer) and compression.level is None:
        return replace(layer, media_type=media_type)
    key = _key(layer, compression, first)
    known = store.record(_RECORD, key)
    if known and store.has((found := Descriptor.from_json(known)).digest):
        return found
    with store.open_blob(layer.digest) as file, store.blob_writer(media_type=media_type) as blob:
        with codec.reader(file) as plain:
            written = _write(store, plain, blob, compression, first)
        made = replace(blob.commit(), annotations=written.annotations)
    store.put_record(_RECORD, key, made.to_json() | {"diff_id": written.diff_id, "odd": written.odd})
    return made


@dataclass(frozen=True, slots=True)
class _Written:
    """``diff_id`` is empty where the archive is the same as before; ``odd``: why it is in the plain codec."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    diff_id: str = ""
    odd: str = ""


def _key(layer: Descriptor, compression: Compression, first: Sequence[str]) -> str:
    order = f"-{Digest.of(json.dumps(list(first)).encode())}" if first else ""
    version = f"-{_VERSION}" if compression.algorithm in _MARK else ""
    return f"{layer.digest}-{compression}{order}{version}"


def _write(store: Store, plain: BinaryIO, blob: Sink, compression: Compression, first: Sequence[str]) -> _Written:
    if compression.algorithm == CHUNKED:
        chunks = chunked.write(blob, plain, compression.level)
        return _Written(chunks.annotations, odd=chunks.odd)
    if compression.algorithm == ESTARGZ:
        return _write_estargz(store, plain, blob, compression, first)
    _pack(plain, blob, compression)
    return _Written()


def _write_estargz(
    store: Store, plain: BinaryIO, blob: Sink, compression: Compression, first: Sequence[str]
) -> _Written:
    with store.scratch("estargz") as scratch, open(scratch / "layer.tar", "w+b") as file:
        with disk_errors():
            shutil.copyfileobj(plain, file, _CHUNK)
        try:
            made = estargz.write(blob, file, first, compression.codec_level)
        except InvalidArchive as error:
            file.seek(0)
            _pack(file, blob, compression)
            return _Written(odd=str(error).removeprefix("cannot write eStargz: "))
        return _Written(made.annotations, str(made.diff_id))


def _pack(plain: BinaryIO, blob: Sink, compression: Compression) -> None:
    with codec.writer(blob, compression.codec, compression.codec_level) as packed:
        while chunk := plain.read(_CHUNK):
            packed.write(chunk)


def recompress_image(store: Store, descriptor: Descriptor, compression: Compression) -> Descriptor:
    """The same image, or every image of an index, with its layers under ``compression``, in the store."""
    document = parse(store.read_blob(descriptor.digest), descriptor.media_type)
    if isinstance(document, Index):
        children = tuple(recompress_image(store, child, compression) for child in document.manifests)
        made: Manifest | Index = replace(document, manifests=children)
    else:
        first = opened(store, descriptor.digest) if compression.rewrites else ()
        layers = {blob.digest: blob for blob in document.layers if is_layer(blob)}
        parallel.each(
            lambda blob: layers.update({blob.digest: recompress(store, blob, compression, first)}),
            tuple(layers.values()),
            os.cpu_count() or 1,
            lambda: None,
        )
        made = with_layers(document, layers)
        if compression.rewrites and (diff_ids := _diff_ids(store, document, made, compression, first)):
            made = replace(made, config=_config(store, document, diff_ids))
    if made == document:
        return descriptor
    written = store.put_blob(made.media_type, made.to_bytes())
    return replace(descriptor, media_type=written.media_type, digest=written.digest, size=written.size)


def opened(store: Store, manifest: Digest) -> tuple[str, ...]:
    """The paths that a container of the image opens, in the order of first open, where an observation is remembered."""
    found = (store.record(OPENED, str(manifest)) or {}).get("paths")
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _diff_ids(
    store: Store, before: Manifest, after: Manifest, compression: Compression, first: Sequence[str]
) -> Mapping[Digest, Digest]:
    """The new diff ID of each old blob that has another archive now."""
    changed = [old for old, new in zip(before.layers, after.layers, strict=True) if old.digest != new.digest]
    known = {old.digest: store.record(_RECORD, _key(old, compression, first)) or {} for old in changed}
    return {digest: Digest.parse(record["diff_id"]) for digest, record in known.items() if record.get("diff_id")}


def _config(store: Store, before: Manifest, diff_ids: Mapping[Digest, Digest]) -> Descriptor:
    """The configuration with other diff IDs for some layers' blobs."""
    config = ImageConfig.from_bytes(store.read_blob(before.config.digest))
    if len(config.diff_ids) != len(before.layers):
        raise InvalidInput(f"cannot recompress {before.config.digest.short}: it has {len(config.diff_ids)} diff IDs")
    ids = tuple(diff_ids.get(blob.digest, known) for blob, known in zip(before.layers, config.diff_ids, strict=True))
    return store.put_blob(mediatypes.OCI_CONFIG, replace(config, diff_ids=ids).to_bytes())


def notes(store: Store, descriptor: Descriptor, compression: Compression) -> Iterator[str]:
    """Sentences on what became of an image that was recompressed: layers in the plain codec, another tar."""
    document = parse(store.read_blob(descriptor.digest), descriptor.media_type)
    if isinstance(document, Index):
        for child in document.manifests:
            yield from notes(store, child, compression)
        return
    first = opened(store, descriptor.digest) if compression.rewrites else ()
    for layer in filter(is_layer, document.layers):
        known = store.record(_RECORD, _key(layer, compression, first)) or {}
        if odd := known.get("odd"):
            yield f"layer {layer.digest.short} is {compression.codec}, not {compression.algorithm}: {odd}"
    if compression.rewrites:
        many = f"{len(first):,} observed paths first" if first else "no observation of it remembered"
        yield f"eStargz has a tar of its own ({many}): the image has other diff IDs and another configuration"


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
