"""Whole images as zstd:chunked and eStargz, in the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archives import archive, file
from jettison.errors import InvalidInput
from jettison.filetree import index
from jettison.oci import mediatypes
from jettison.oci.chunked.write import CHECKSUM
from jettison.oci.descriptor import Descriptor
from jettison.oci.estargz.write import TOC_DIGEST
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.recompress import OPENED, Compression, notes, recompress, recompress_image
from jettison.oci.reference import parse
from jettison.oci.transfer import copy
from samples import noise, sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def image(store: Store) -> Image:
    return sample(store, {"/a": noise(300_000)}, {"/b/hello": b"hello\n", "/b/z": b"z"})


def made(store: Store, image: Image, compression: str) -> Image:
    assert image.descriptor
    return store.image(recompress_image(store, image.descriptor, Compression.parse(compression)))


@pytest.mark.parametrize(
    ("text", "algorithm", "level"),
    [
        ("zstd:chunked", "zstd:chunked", None), ("zstd:chunked:19", "zstd:chunked", 19), ("zstd:9", "zstd", 9),
        ("estargz", "estargz", None), ("estargz:9", "estargz", 9), ("none", "none", None),
    ],
)  # fmt: skip
def test_compression_is_read(text: str, algorithm: str, level: int | None) -> None:
    assert Compression.parse(text) == Compression(algorithm, level)
    assert str(Compression(algorithm, level)) == text


@pytest.mark.parametrize("text", ["zstd:chunked:", "zstd:chunked:23", "estargz:10", "zstdchunked", "none:1", "", "lz4"])
def test_other_compressions_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot use compression"):
        Compression.parse(text)


def test_zstd_chunked_keeps_the_configuration(store: Store, image: Image) -> None:
    found = made(store, image, "zstd:chunked")
    assert found.config == image.config
    assert all(CHECKSUM in layer.descriptor.annotations for layer in found.layers)
    assert {layer.descriptor.media_type for layer in found.layers} == {mediatypes.OCI_LAYER_ZSTD}
    for old, new in zip(image.layers, found.layers, strict=True):
        assert new.diff_id == old.diff_id


def test_estargz_has_another_configuration(store: Store, image: Image) -> None:
    found = made(store, image, "estargz")
    assert found.config.diff_ids != image.config.diff_ids
    assert all(TOC_DIGEST in layer.descriptor.annotations for layer in found.layers)
    assert {layer.descriptor.media_type for layer in found.layers} == {mediatypes.OCI_LAYER_GZIP}
    tree = index(store.snapshots(found))
    assert {path for path in index(store.snapshots(image)) if path in tree} == set(index(store.snapshots(image)))


@pytest.mark.parametrize("compression", ["zstd:chunked", "estargz"])
def test_layers_of_the_format_are_not_made_again(store: Store, image: Image, compression: str) -> None:
    once = made(store, image, compression)
    assert made(store, once, compression) == once
    plain = made(store, once, "zstd")
    assert made(store, plain, "gzip").config == once.config
    assert [layer.diff_id for layer in plain.layers] == [layer.diff_id for layer in once.layers]


def test_what_was_opened_first_is_prefetched(store: Store, image: Image) -> None:
    assert image.descriptor
    before = made(store, image, "estargz")
    store.put_record(OPENED, str(image.descriptor.digest), {"paths": ["/b/z", "/b/hello"]})
    after = made(store, image, "estargz")
    assert after.config.diff_ids[0] == before.config.diff_ids[0]
    assert after.config.diff_ids[1] != before.config.diff_ids[1]
    assert "/.prefetch.landmark" in index(store.snapshots(after))
    assert ["2 observed paths first" in note for note in notes(store, image.descriptor, Compression("estargz"))] == [
        True
    ]


@pytest.mark.parametrize("compression", ["zstd:chunked", "estargz"])
def test_an_odd_layer_is_of_the_plain_codec_and_that_is_said(store: Store, compression: str) -> None:
    with store.blob_writer(media_type=mediatypes.OCI_LAYER) as blob:
        blob.write(archive(file("a"), file("a", b"again")).getvalue())
        layer = blob.commit()
    chosen = Compression.parse(compression)
    found = recompress(store, layer, chosen)
    assert (found.annotations, found.media_type) == ({}, mediatypes.layer_type(chosen.codec))
    manifest = store.put_blob(
        mediatypes.OCI_MANIFEST,
        b'{"schemaVersion":2,"config":{"mediaType":"x","digest":"%s","size":1},"layers":[%s]}'
        % (str(layer.digest).encode(), _json(layer)),
    )
    said = next(notes(store, manifest, chosen))
    assert said == f"layer {layer.digest.short} is {chosen.codec}, not {compression}: it has 'a' twice"


def _json(layer: Descriptor) -> bytes:
    return json.dumps(layer.to_json()).encode()


def test_copy_tells_and_writes_annotations(store: Store, image: Image, tmp_path: Path) -> None:
    assert image.descriptor
    store.tag("docker.io/library/app:1", image.descriptor)
    told: list[str] = []
    source, place = parse("app:1"), parse(f"oci:{tmp_path}/out:1")
    copied = copy(store, source, place, compression=Compression("estargz"), told=told.append)
    assert store.has(copied.digest)
    assert len(told) == 1
    assert "no observation of it remembered" in told[0]
    assert b"stargz/toc.digest" in (tmp_path / "out" / "blobs" / "sha256" / copied.digest.hex).read_bytes()
