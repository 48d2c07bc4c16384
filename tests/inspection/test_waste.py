"""The waste in constructed images is what one counts by hand."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison import packages
from jettison.filetree import index
from jettison.inspection import Contents, inspect
from jettison.inspection.model import WasteKind
from jettison.inspection.treemap import treemap
from jettison.oci import mediatypes
from jettison.oci.config import History, ImageConfig
from jettison.oci.descriptor import Platform
from jettison.oci.digest import Digest
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from samples import layer_tar, noise, sample

pytestmark = pytest.mark.integration


def looked_into(store: Store, image: Image) -> Contents:
    snapshots = store.snapshots(image)
    tree = index(snapshots)
    return inspect(image, "app:1", tree, snapshots, packages.catalog(tree))


def waste(found: Contents) -> list[tuple[str, str, int, int, int | None, str]]:
    return [(str(w.kind), w.path, w.bytes, w.layer, w.by_layer, w.same_as) for w in found.waste]


def test_what_later_layers_hide(tmp_path: Path) -> None:
    image = sample(
        store := Store.open(tmp_path),
        {"/a": noise(5000, 1), "/b": noise(6000, 2), "/d/x": noise(7000, 3), "/o/y": noise(8000, 4), "/keep": b"k"},
        {"/a": noise(100, 5), "/.wh.b": b"", "/o/.wh..wh..opq": b"", "/o/z": b"z"},
        {"/.wh.d": b""},
    )
    found = looked_into(store, image)
    assert waste(found) == [
        ("deleted", "/o/y", 8000, 0, 1, ""),
        ("deleted", "/d/x", 7000, 0, 2, ""),
        ("deleted", "/b", 6000, 0, 1, ""),
        ("overwritten", "/a", 5000, 0, 1, ""),
    ]
    assert found.layer_bytes == 5000 + 6000 + 7000 + 8000 + 1 + 100 + 1
    assert found.wasted_bytes == 26_000
    assert found.efficiency == pytest.approx(1 - 26_000 / 26_102)
    assert found.disk_bytes == 102
    assert [line.hidden_bytes for line in found.layers] == [26_000, 0, 0]


def test_instructions_are_without_secrets(tmp_path: Path) -> None:
    image = sample(store := Store.open(tmp_path), {"/a": b"a"})
    history = (History(created_by="RUN curl -u me:Sup3rS3cretPw9 https://a.example"),)
    found = looked_into(store, Image(replace(image.config, history=history), image.layers))
    assert [line.instruction for line in found.layers] == ["RUN curl -u me:… https://a.example"]


def test_a_file_written_in_every_layer_is_wasted_in_all_but_the_last(tmp_path: Path) -> None:
    image = sample(store := Store.open(tmp_path), *({"/log": noise(5000 + n, n)} for n in range(3)))
    found = looked_into(store, image)
    assert [(line[3], line[4]) for line in waste(found)] == [(1, 2), (0, 1)]
    assert found.wasted_bytes == 5000 + 5001


def test_equal_files_count_once_and_each_byte_once(tmp_path: Path) -> None:
    content = noise(9000)
    image = sample(
        store := Store.open(tmp_path),
        {"/one": content, "/two": content, "/gone": content, "/tiny1": b"x", "/tiny2": b"x"},
        {"/.wh.gone": b"", "/three": content},
    )
    found = looked_into(store, image)
    assert waste(found) == [
        ("deleted", "/gone", 9000, 0, 1, ""),
        ("duplicate", "/three", 9000, 1, None, "/one"),
        ("duplicate", "/two", 9000, 0, None, "/one"),
    ]
    assert found.wasted_bytes == 27_000
    assert found.layer_bytes == 4 * 9000 + 2


def test_files_that_begin_alike_are_not_equal(tmp_path: Path) -> None:
    head = noise(5000)
    image = sample(store := Store.open(tmp_path), {"/a": head + b"1", "/b": head + b"2"})
    assert looked_into(store, image).waste == ()


def stacked(store: Store, *archives: bytes) -> Image:
    """An image of these archives as layers."""
    layers = [Layer(store.put_blob(mediatypes.layer_type("none"), data), Digest.of(data)) for data in archives]
    config = ImageConfig(platform=Platform.host(), diff_ids=tuple(layer.diff_id for layer in layers))
    return store.put_image(Image(config, tuple(layers)))


def linked(*names: str) -> bytes:
    """An archive of one file of 10,000 bytes under several names."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        member = tarfile.TarInfo(names[0])
        member.size = 10_000
        tar.addfile(member, io.BytesIO(noise(10_000)))
        for name in names[1:]:
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.LNKTYPE, names[0]
            tar.addfile(link)
    return buffer.getvalue()


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a"), ("a", "p/q"), ("p/q", "a")])
@pytest.mark.parametrize("then", [{"/.wh.a": b""}, {"/a": b"other"}])
def test_a_file_with_a_name_that_is_seen_is_not_wasted(
    tmp_path: Path, names: tuple[str, str], then: dict[str, bytes]
) -> None:
    store = Store.open(tmp_path)
    image = stacked(store, linked(*names), layer_tar(then))
    found = looked_into(store, image)
    assert (found.wasted_bytes, found.layers[0].hidden_bytes) == (0, 0)


def test_a_file_is_wasted_once_all_its_names_are_hidden(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    image = stacked(store, linked("a", "b"), layer_tar({"/.wh.a": b"", "/.wh.b": b""}))
    found = looked_into(store, image)
    assert (found.wasted_bytes, found.disk_bytes, found.efficiency) == (10_000, 0, 0.0)


def test_an_image_without_waste(tmp_path: Path) -> None:
    image = sample(store := Store.open(tmp_path), {"/a": b"a"})
    found = looked_into(store, image)
    assert (found.efficiency, found.wasted_bytes) == (1.0, 0)


def test_groups(tmp_path: Path) -> None:
    manifest = b'{"name": "left-pad", "version": "1.3.0"}'
    image = sample(
        store := Store.open(tmp_path),
        {
            "/app/node_modules/left-pad/package.json": manifest,
            "/app/node_modules/left-pad/index.js": noise(2000),
            "/usr/include/x.h": noise(300),
            "/bin/run": b"#!/bin/sh\n",
        },
    )
    found = looked_into(store, image)
    assert [(g.name, g.bytes, g.files) for g in found.packages] == [
        ("npm left-pad 1.3.0", 2000 + len(manifest), 2), ("no package", 310, 2),
    ]  # fmt: skip
    assert {g.name: g.bytes for g in found.kinds} == {
        "JavaScript": 2000, "headers": 300, "data": len(manifest), "scripts": 10,
    }  # fmt: skip
    assert found.directories[0].name == "/"
    assert {g.name: g.bytes for g in found.directories}["/usr"] == 300


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9000), max_size=4), min_size=1, max_size=4))
def test_bytes_add_up(tmp_path_factory: pytest.TempPathFactory, layers: list[dict[str, int]]) -> None:
    store = Store.open(tmp_path_factory.mktemp("store"))
    image = sample(store, *({f"/{name}": noise(size, size) for name, size in layer.items()} for layer in layers))
    found = looked_into(store, image)
    hidden = sum(w.bytes for w in found.waste if w.kind is not WasteKind.DUPLICATE)
    assert found.layer_bytes == found.disk_bytes + hidden
    assert found.wasted_bytes <= found.layer_bytes
    assert sum(g.bytes for g in found.kinds) == sum(g.bytes for g in found.packages) == found.disk_bytes


def test_a_treemap_holds_every_byte(tmp_path: Path) -> None:
    image = sample(store := Store.open(tmp_path), {"/a/b/c": noise(9000), "/a/d": noise(1000), "/a/e": noise(5)})
    root = treemap(index(store.snapshots(image)), smallest=0.01, note=lambda path: f"because of {path}")
    assert (root.name, root.bytes) == ("/", 10_005)
    (a,) = root.children
    assert [(child.name, child.bytes) for child in a.children] == [("b", 9000), ("d", 1000), ("1 smaller", 5)]
    assert a.children[1].note == "because of /a/d"
