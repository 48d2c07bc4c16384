"""Layers made of trees: deterministic, verified, in bounded memory, and unpacked again the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jettison.errors import InvalidArchive, InvalidInput
from jettison.filetree import FileEntry, FileTree, Kind, index
from jettison.oci import mediatypes
from jettison.oci.config import ImageConfig
from jettison.oci.image import Image, Layer
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store
from jettison.oci.validate import validate
from make import tree
from tools import need

SAMPLE = tree({"/bin/sh": b"#!" * 100_000, "/link": "link -> bin/sh", "/etc/motd": b"welcome", "/dev/tty": "char 0666"})
#: The same on every machine, under every Python and for any number of processors.
GOLDEN = "sha256:f8ea74bf1430b0652466ff14ee5bd86defed3b4188c3f39f6a6cedde7647a048"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def image(store: Store, *layers: Layer) -> Image:
    return store.put_image(Image(ImageConfig(diff_ids=tuple(layer.diff_id for layer in layers)), layers))


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_every_compression_of_the_same_content(store: Store, compression: str) -> None:
    layer = store_layer(store, SAMPLE, SAMPLE, compression=compression)
    assert layer.descriptor.media_type == mediatypes.layer_type(compression)
    assert layer.compression == compression
    assert str(layer.diff_id) == GOLDEN
    validate(store, image(store, layer))


def test_two_runs_one_digest(store: Store, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "other")
    for compression in ("gzip", "zstd"):
        ours = store_layer(store, SAMPLE, list(SAMPLE), compression=compression)
        assert ours == store_layer(other, SAMPLE, reversed(list(SAMPLE)), compression=compression)


def test_a_layer_of_nothing(store: Store) -> None:
    layer = store_layer(store, SAMPLE, ())
    assert layer == store_layer(store, SAMPLE, ["/"])
    validate(store, image(store, layer))


def test_what_goes_wrong_leaves_nothing(store: Store, tmp_path: Path) -> None:
    gone = FileTree({"/a": FileEntry("/a", Kind.FILE, size=5, origin=str(tmp_path / "gone"))})
    (tmp_path / "gone").write_bytes(b"abc")
    with pytest.raises(InvalidArchive, match="became shorter"):
        store_layer(store, gone, gone)
    with pytest.raises(InvalidInput, match="cannot compress: zstd has levels"):
        store_layer(store, SAMPLE, SAMPLE, level=99)
    assert list((store.root / "blobs/sha256").iterdir()) == []
    assert [left for own in (store.root / "scratch").iterdir() for left in own.iterdir()] == []


@pytest.mark.integration
def test_a_snapshot_is_taken_over(store: Store) -> None:
    need()
    with store.scratch("work") as scratch:
        upper = scratch / "upper"
        upper.mkdir()
        (upper / "a").write_bytes(b"content")
        layer = store_layer(store, index([upper]), ["/a"], snapshot=upper)
    assert store.snapshot(layer) == store.snapshot_path(layer.diff_id)
    assert (store.snapshot(layer) / "a").read_bytes() == b"content"


@pytest.mark.integration
def test_there_and_back(store: Store, tmp_path: Path) -> None:
    need()
    root = tmp_path / "root"
    (root / "d").mkdir(parents=True)
    (root / "d/f").write_bytes(b"content")
    os.chown(root / "d/f", 1000, 1000)
    (root / "d/f").chmod(0o4711)
    os.setxattr(root / "d/f", "user.note", b"\0\xff\n")
    os.link(root / "d/f", root / "hard")
    (root / "link").symlink_to("d/f")
    os.mkfifo(root / "pipe")
    first = index([root])
    layer = store_layer(store, first, first, ("/gone",), epoch=1_000_000)
    second = index([store.snapshot(layer)])
    assert {path: (str(e), e.xattrs) for path, e in second.items()} == {p: (str(e), e.xattrs) for p, e in first.items()}
    assert {entry.mtime for path, entry in second.items() if path != "/"} == {1_000_000}
    assert second["/d/f"].inode == second["/hard"].inode
    assert (store.snapshot(layer) / "gone").is_char_device()


MEMORY = """
import re, sys
from pathlib import Path
from jettison.filetree import FileEntry, FileTree, Kind, index
from jettison.oci.layers import store_layer
from jettison.oci.layout import Store

store = Store.open(Path(sys.argv[1]) / "store")
big = Path(sys.argv[1]) / "big"
tree = FileTree({
    f"/{number}": FileEntry(f"/{number}", Kind.FILE, size=150_000_000, origin=str(big), uid=number)
    for number in range(2)
})
layer = store_layer(store, tree, tree, compression=sys.argv[2])
store.snapshot(layer)
print(re.search("VmHWM:[^0-9]*([0-9]+)", open("/proc/self/status").read())[1])
"""


@pytest.mark.integration
@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_files_larger_than_memory_may_be(tmp_path: Path, compression: str) -> None:
    need()
    (tmp_path / "big").write_bytes(os.urandom(1_000_000))
    os.truncate(tmp_path / "big", 150_000_000)
    done = subprocess.run([sys.executable, "-c", MEMORY, tmp_path, compression], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200_000, "KiB"
