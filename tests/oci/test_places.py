"""Layouts and archives, in and out, also those that were made to harm."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jettison.errors import IntegrityError, InvalidArchive, InvalidInput, JettisonError, NotFound
from jettison.oci.config import ImageConfig
from jettison.oci.digest import Digest
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.reference import StoreReference, parse
from jettison.oci.transfer import copy, load, resolve, save
from samples import layer_tar, sample


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.fixture
def image(store: Store) -> Image:
    return sample(store, {"/a": b"a" * 100_000}, {"/b": b"b"})


def put(store: Store, image: Image, text: str) -> None:
    assert image.descriptor
    copy(store, StoreReference(image.descriptor.digest), parse(text))


def docker_archive(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return path


def one(layers: list[str], config: bytes, tags: list[str] | None = None) -> dict[str, bytes]:
    entry = {"Config": "c.json", "RepoTags": tags or ["app:1"], "Layers": layers}
    return {"c.json": config, "manifest.json": json.dumps([entry]).encode()}


LAYER = layer_tar({"/a": b"a"})
CONFIG = ImageConfig(diff_ids=(Digest.of(LAYER),)).to_bytes()


@pytest.mark.parametrize("kind", ["oci", "oci-archive", "docker-archive"])
def test_there_and_back(store: Store, image: Image, tmp_path: Path, kind: str) -> None:
    put(store, image, f"{kind}:{tmp_path}/x:app:1")
    other = Store.open(tmp_path / "other")
    found = resolve(other, f"{kind}:{tmp_path}/x:app:1")
    assert found.config == image.config
    if kind != "docker-archive":
        assert found.descriptor
        assert image.descriptor
        assert found.descriptor.digest == image.descriptor.digest


@pytest.mark.parametrize("kind", ["oci-archive", "docker-archive"])
def test_the_same_image_gives_the_same_archive(store: Store, image: Image, tmp_path: Path, kind: str) -> None:
    for name in "ab":
        put(store, image, f"{kind}:{tmp_path}/{name}:app:1")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_layout_keeps_its_other_images(store: Store, image: Image, tmp_path: Path) -> None:
    put(store, image, f"oci:{tmp_path}/x:one")
    put(store, sample(store, {"/c": b"c"}), f"oci:{tmp_path}/x:two")
    put(store, image, f"oci:{tmp_path}/x:one")
    assert resolve(store, f"oci:{tmp_path}/x:one").config == image.config
    with pytest.raises(NotFound, match="it has 2 such images, but: one, two"):
        resolve(store, f"oci:{tmp_path}/x")
    with pytest.raises(NotFound, match="no image 'three'"):
        resolve(store, f"oci:{tmp_path}/x:three")


def test_a_directory_that_is_something_else_is_left_alone(store: Store, image: Image, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/precious").touch()
    with pytest.raises(InvalidInput, match="not empty, and no OCI layout"):
        put(store, image, f"oci:{tmp_path}/x")


def test_load_tags_every_image(store: Store, tmp_path: Path) -> None:
    files = one(["a/layer.tar"], CONFIG, ["app:1", "quay.io/app:2"]) | {"a/layer.tar": LAYER}
    loaded = load(store, docker_archive(tmp_path / "x", files))
    assert [name for name, _ in loaded] == ["docker.io/library/app:1", "quay.io/app:2"]
    assert set(store.names()) == {name for name, _ in loaded}


def test_old_archives_link_equal_layers(store: Store, tmp_path: Path) -> None:
    config = ImageConfig(diff_ids=(Digest.of(LAYER),) * 2).to_bytes()
    files = one(["a/layer.tar", "b/layer.tar"], config) | {"a/layer.tar": LAYER}
    path = docker_archive(tmp_path / "x", files, {"b/layer.tar": "../a/layer.tar"})
    assert len(resolve(store, f"docker-archive:{path}").layers) == 2


def test_save_under_its_name(store: Store, image: Image, tmp_path: Path) -> None:
    assert image.descriptor
    save(store, image.descriptor, "app:1", tmp_path / "x", "docker-archive")
    assert load(Store.open(tmp_path / "other"), tmp_path / "x")[0][0] == "docker.io/library/app:1"


def truncated(path: Path) -> None:
    docker_archive(path, one(["l"], CONFIG) | {"l": LAYER})
    path.write_bytes(path.read_bytes()[:1500])


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: path.write_bytes(b"not a tar" * 1000), InvalidArchive),
        (truncated, JettisonError),
        (lambda path: path.write_bytes(b""), JettisonError),
        (lambda path: docker_archive(path, {"../x": b"x"}), InvalidArchive),
        (lambda path: docker_archive(path, {"/x": b"x"}), InvalidArchive),
        (lambda path: docker_archive(path, {"x": b"x"}), NotFound),
        (lambda path: docker_archive(path, {"manifest.json": b"{"}), InvalidArchive),
        (lambda path: docker_archive(path, one(["l"], CONFIG)), InvalidArchive),
        (lambda path: docker_archive(path, one(["../../etc/passwd"], CONFIG)), InvalidArchive),
        (lambda path: docker_archive(path, one(["l"], CONFIG), {"l": "/etc/passwd"}), InvalidArchive),
        (lambda path: docker_archive(path, one(["l"], CONFIG), {"l": "l"}), InvalidArchive),
        (lambda path: docker_archive(path, one(["l"], CONFIG) | {"l": LAYER + b"x"}), IntegrityError),
        (lambda path: docker_archive(path, one([], CONFIG)), InvalidArchive),
        (lambda path: docker_archive(path, one(["l"], b"[]") | {"l": LAYER}), InvalidInput),
    ],
)
def test_what_is_no_archive_is_an_error_and_leaves_nothing(
    store: Store, tmp_path: Path, make: Callable[[Path], object], kind: type[JettisonError]
) -> None:
    make(tmp_path / "x")
    with pytest.raises(kind) as caught:
        load(store, tmp_path / "x")
    assert "\n" not in str(caught.value)
    assert not store.names()
    assert [left for own in (store.root / "scratch").iterdir() for left in own.iterdir()] == []
