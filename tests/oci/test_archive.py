"""Archives as the several versions of ``docker save`` wrote them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
import zstandard

from archives import archive, directory, file, link
from jettison.errors import InvalidArchive, NotFound
from jettison.oci import mediatypes
from jettison.oci.config import History, ImageConfig
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.layout import Store
from jettison.oci.manifest import Index, Manifest
from jettison.oci.transfer import load
from jettison.oci.validate import validate
from samples import layer_tar

EMPTY = bytes(1024)  # the layer of an instruction that changed nothing, in the days of Docker 1.9
LAYERS = (layer_tar({"/a": b"a"}), EMPTY, layer_tar({"/b": b"b"}))
CONFIG = ImageConfig(
    diff_ids=tuple(map(Digest.of, LAYERS)),
    history=(History("ADD a"), History("RUN true"), History("CMD x", empty_layer=True), History("ADD b")),
).to_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def loaded(store: Store, *members: bytes, pack: bool = False) -> str:
    data = archive(*members).getvalue()
    [(name, descriptor)] = load(store, io.BytesIO(gzip.compress(data) if pack else data))
    image = store.image(descriptor)
    validate(store, image)
    assert image.config.diff_ids == tuple(map(Digest.of, LAYERS))
    assert len(image.config.history) == 4
    return name


def listing(config: str, layers: list[str], **more: object) -> bytes:
    entry = {"Config": config, "RepoTags": ["app:1"], "Layers": layers} | more
    return file("manifest.json", json.dumps([entry]).encode())


def test_docker_1_10_to_24(store: Store) -> None:
    """A directory for each layer, equal layers as links, and ``repositories`` for still older readers."""
    number = Digest.of(CONFIG).hex
    members = [file(f"{number}.json", CONFIG)]
    for at, layer in enumerate(LAYERS):
        members += [directory(f"{at}/"), file(f"{at}/VERSION", b"1.0"), file(f"{at}/json", b"{}")]
        members += (
            [file("shared/layer.tar", layer), link("1/layer.tar", "../shared/layer.tar")]
            if at == 1
            else [file(f"{at}/layer.tar", layer)]
        )
    repositories = file("repositories", b'{"app":{"1":"2"}}')
    manifest = listing(f"{number}.json", [f"{at}/layer.tar" for at in range(3)], Parent="sha256:0")
    assert loaded(store, *members, manifest, repositories) == "docker.io/library/app:1"


@pytest.mark.parametrize("pack", [False, True], ids=["plain", "in gzip"])
def test_docker_25_and_later(store: Store, pack: bool) -> None:
    """An OCI layout and Docker's own list side by side, of the same blobs, which may be compressed."""
    blobs = [LAYERS[0], gzip.compress(LAYERS[1], mtime=0), zstandard.ZstdCompressor().compress(LAYERS[2])]
    types = [mediatypes.layer_type(compression) for compression in ("none", "gzip", "zstd")]
    layers = tuple(map(Descriptor.of, types, blobs))
    manifest = Manifest(Descriptor.of(mediatypes.OCI_CONFIG, CONFIG), layers).to_bytes()
    top = Index((Descriptor.of(mediatypes.OCI_MANIFEST, manifest),)).to_bytes()
    names = [f"blobs/sha256/{layer.digest.hex}" for layer in layers]
    members = [
        directory("blobs/"), directory("blobs/sha256/"),
        *(file(f"blobs/sha256/{Digest.of(blob).hex}", blob) for blob in (*blobs, CONFIG, manifest)),
        file("index.json", top), file("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'),
        listing(f"blobs/sha256/{Digest.of(CONFIG).hex}", names, LayerSources={}),
    ]  # fmt: skip
    assert loaded(store, *members, pack=pack) == "docker.io/library/app:1"


def test_older_than_docker_1_10(store: Store) -> None:
    members = (directory("0/"), file("0/layer.tar", LAYERS[0]), file("0/json", b"{}"), file("repositories", b"{}"))
    with pytest.raises(NotFound, match=r"neither a manifest\.json nor an index\.json"):
        load(store, archive(*members))


@pytest.mark.parametrize(
    "members",
    [
        (file("n" * 300),),
        (file("a"), file("a/b")),
        (file("a/b"), file("a")),
        (file("."),),
        (file("manifest.json", b"[" * 100_000),),
        (file("manifest.json", b"{}"), file("manifest.json", b"5")),
        (file("manifest.json", b'["x"]'),),
        (file("manifest.json", b'[{"Config": 5, "Layers": 5}]'),),
    ],
)
def test_archives_made_to_harm(store: Store, members: tuple[bytes, ...]) -> None:
    with pytest.raises(InvalidArchive, match="cannot read archive: ") as caught:
        load(store, archive(*members))
    assert "\n" not in str(caught.value)
    assert [left for own in (store.root / "scratch").iterdir() for left in own.iterdir()] == []
