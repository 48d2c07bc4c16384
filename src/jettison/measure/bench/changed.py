"""The same image after one file changed: a file of the topmost layer that has one, and that layer made anew."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from jettison.errors import InvalidArchive, NotFound
from jettison.oci import codec, mediatypes
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store

#: Bytes of the file that are replaced, at its end.
_MARK = 8


def changed(store: Store, image: Image, number: int) -> Image:
    """Another image for each ``number``, in the store. Raises ``NotFound`` where no layer has a file to change."""
    for at in reversed(range(len(image.layers))):
        layer = image.layers[at]
        place = _place(store, layer)
        if place is not None:
            made = _rewritten(store, layer, place, hashlib.sha256(str(number).encode()).digest()[:_MARK])
            layers = tuple(map(_oci, (*image.layers[:at], made, *image.layers[at + 1 :])))
            config = replace(image.config, diff_ids=tuple(each.diff_id for each in layers))
            return store.put_image(Image(config, layers, image.annotations))
    raise NotFound("cannot change a file of the image: no layer has one")


def _oci(layer: Layer) -> Layer:
    """Under OCI's media type: the new manifest is OCI's."""
    return replace(layer, descriptor=replace(layer.descriptor, media_type=mediatypes.layer_type(layer.compression)))


def _place(store: Store, layer: Layer) -> int | None:
    """Where in the archive the end of the first large enough file is."""
    try:
        with (
            store.open_blob(layer.descriptor.digest) as blob,
            codec.reader(blob) as plain,
            tarfile.open(fileobj=plain, mode="r|") as archive,
        ):
            for member in archive:
                if member.isreg() and not member.issparse() and member.size >= _MARK:
                    return member.offset_data + member.size - _MARK
    except tarfile.TarError as error:
        raise InvalidArchive(f"cannot change layer {layer.descriptor.digest.short}: {error}") from error
    return None


def _rewritten(store: Store, layer: Layer, place: int, mark: bytes) -> Layer:
    hasher = hashlib.sha256()
    media_type = layer.descriptor.media_type
    with (
        store.open_blob(layer.descriptor.digest) as blob,
        codec.reader(blob) as plain,
        store.blob_writer(media_type=media_type) as kept,
    ):
        with codec.writer(kept, layer.compression) as packed:
            for chunk in _marked(plain, place, mark):
                hasher.update(chunk)
                packed.write(chunk)
        written: Descriptor = kept.commit()
    return Layer(written, Digest("sha256", hasher.hexdigest()))


def _marked(plain: BinaryIO, place: int, mark: bytes) -> Iterator[bytes]:
    """The archive with ``mark`` at ``place``; a chunk that only begins with part of it gets that part."""
    at = 0
    while chunk := plain.read(codec.CHUNK):
        first, last = max(place, at), min(place + len(mark), at + len(chunk))
        if first < last:
            new = bytearray(chunk)
            new[first - at : last - at] = mark[first - place : last - place]
            chunk = bytes(new)
        at += len(chunk)
        yield chunk
