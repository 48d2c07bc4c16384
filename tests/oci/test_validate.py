"""What an image says about itself, said wrongly in every place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidArchive, InvalidInput, JettisonError
from jettison.oci import mediatypes
from jettison.oci.config import History
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from samples import layer_tar, sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
def test_a_whole_image_is_accepted(store: Store, compression: str) -> None:
    image = sample(store, {"/a": b"a" * 5000}, {"/b": b"b"}, compression=compression)
    validate(store, image)
    assert image.descriptor
    validate(store, store.image(image.descriptor))


def _changed(store: Store, image: Image, **layer: object) -> Image:
    """The image with its one layer told otherwise, its documents written anew."""
    told = replace(image.layers[0], **layer)
    config = replace(image.config, diff_ids=(told.diff_id,))
    return store.put_image(replace(image, config=config, layers=(told,)))


def test_an_image_that_was_not_stored(store: Store) -> None:
    with pytest.raises(InvalidInput, match="was not stored"):
        validate(store, replace(sample(store), descriptor=None))


def test_another_diff_id(store: Store) -> None:
    with pytest.raises(IntegrityError, match="its diff ID is not"):
        validate(store, _changed(store, sample(store), diff_id=Digest.of(b"another")))


def test_another_size(store: Store) -> None:
    image = sample(store)
    wrong = replace(image.layers[0].descriptor, size=image.layers[0].descriptor.size + 1)
    with pytest.raises(IntegrityError, match="were announced"):
        validate(store, _changed(store, image, descriptor=wrong))


def test_another_media_type(store: Store) -> None:
    image = sample(store)
    wrong = replace(image.layers[0].descriptor, media_type="text/plain")
    with pytest.raises(InvalidInput, match="media type 'text/plain'"):
        validate(store, _changed(store, image, descriptor=wrong))


@pytest.mark.parametrize("said", [mediatypes.OCI_LAYER, mediatypes.OCI_LAYER_ZSTD])
def test_the_first_bytes_tell_the_compression_not_the_media_type(store: Store, said: str) -> None:
    """Podman pushes such layers, and everyone else takes them."""
    image = sample(store, compression="gzip")
    validate(store, _changed(store, image, descriptor=replace(image.layers[0].descriptor, media_type=said)))


def _blob(store: Store, image: Image) -> Path:
    return store.blob_path(image.layers[0].descriptor.digest)


def _config(store: Store, image: Image) -> Path:
    return store.blob_path(image.manifest().config.digest)


def _manifest(store: Store, image: Image) -> Path:
    assert image.descriptor
    return store.blob_path(image.descriptor.digest)


@pytest.mark.parametrize("which", [_blob, _config, _manifest])
def test_a_flipped_bit(store: Store, which: Callable[[Store, Image], Path]) -> None:
    image = sample(store, {"/a": bytes(range(256)) * 20})
    path = which(store, image)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(IntegrityError):
        validate(store, image)


@pytest.mark.parametrize("which", [_blob, _config, _manifest])
def test_a_missing_blob(store: Store, which: Callable[[Store, Image], Path]) -> None:
    image = sample(store)
    which(store, image).unlink()
    with pytest.raises(JettisonError, match="blob"):
        validate(store, image)


def _odd(store: Store, content: bytes) -> Image:
    blob = store.put_blob(mediatypes.OCI_LAYER, content)
    image = sample(store)
    return _changed(store, image, descriptor=blob, diff_id=Digest.of(content))


@pytest.mark.parametrize("content", [b"no tar" * 200, layer_tar({"/a": b"a" * 9000})[:5000]])
def test_a_layer_that_is_no_whole_tar(store: Store, content: bytes) -> None:
    with pytest.raises(InvalidArchive):
        validate(store, _odd(store, content))


def test_what_docker_has_for_an_empty_layer(store: Store) -> None:
    validate(store, _odd(store, bytes(1024)))


def test_a_history_of_another_number_of_layers(store: Store) -> None:
    image = sample(store)
    two = replace(image.config, history=(History(), History(), History(empty_layer=True)))
    with pytest.raises(InvalidInput, match="history brings 2 layers, its manifest has 1"):
        validate(store, store.put_image(replace(image, config=two)))


def test_layers_of_another_image(store: Store) -> None:
    one, two = sample(store, {"/a": b"1"}), sample(store, {"/a": b"2"})
    with pytest.raises(InvalidInput, match="not those of its manifest"):
        validate(store, replace(one, layers=two.layers))


def test_a_number_of_layers_that_does_not_match(store: Store) -> None:
    image = sample(store, {"/a": b"1"})
    more = replace(image, layers=(*image.layers, Layer(image.layers[0].descriptor, Digest.of(b""))))
    stored = store.put_image(more)
    assert stored.descriptor
    with pytest.raises(InvalidInput, match="its manifest has 2 layers, its configuration 1"):
        store.image(stored.descriptor)
    with pytest.raises(InvalidInput, match="not those of its configuration"):
        validate(store, stored)
