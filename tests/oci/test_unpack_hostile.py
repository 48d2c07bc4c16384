"""Layers made to harm: whatever an archive says, nothing outside the directory is touched, and the error is ours."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import archive, directory, file, hard_link, link, member, patched, unpacked
from jettison.errors import InvalidArchive, OutOfSpace
from jettison.oci.removal import remove_tree
from jettison.oci.unpack import unpack
from tools import need

pytestmark = pytest.mark.integration


def test_names_stay_inside(root: Path) -> None:
    names = ["/absolute", "../outside", "../../../../../a/../outside", "./x/../../b", "//double//slash"]
    found = unpacked(root, *(file(name) for name in names))
    assert set(found) == {"/absolute", "/outside", "/b", "/double", "/double/slash"}


@pytest.mark.parametrize("target", ["/", "..", "../..", "../outside", "/../..", "/etc/../../.."])
def test_symlinks_lead_nowhere_outside(root: Path, target: str) -> None:
    unpack(archive(link("l", target), file("l/file"), link("l/l2", ".."), file("l/l2/outside", b"hacked")), root)


def test_chains_of_symlinks(root: Path) -> None:
    steps = [link("a", ".."), link("b", "a/.."), link("c", "b/../.."), file("c/outside", b"x"), directory("c/d")]
    assert "/outside" in unpacked(root, *steps)


def test_a_symlink_that_became_a_directory_and_back(root: Path) -> None:
    found = unpacked(root, link("a", "/"), file("a/1"), directory("a"), file("a/2"), link("a", ".."), file("a/3"))
    assert set(found) == {"/1", "/a", "/3"}


@pytest.mark.parametrize(
    "members",
    [
        (link("l", "l"), file("l/a")),
        (link("l", "m"), link("m", "l"), file("l/a")),
        (hard_link("a", "../outside"),),
        (hard_link("a", "/etc/passwd"),),
        (link("l", ".."), hard_link("a", "l/outside")),
        (directory("d"), hard_link("a", "d")),
        (hard_link("a", ""),),
        (hard_link("a", "a"),),
        (file(""),),
        (file(".."),),
        (file("."),),
        (link("..", "x"),),
        (file(".wh."),),
        (file("a/.wh..."),),
        (file(".wh.."),),
        (file("n" * 300),),
        (file("/".join("d" * 3000)),),
        (link("l", "t" * 5000),),
        (link("l", ""),),
        (patched(file("a"), 108, b"\x80" + b"\x7f" * 7),),
        (file("a", pax_headers={"mtime": "9" * 30}),),
        (file("a", pax_headers={"uid": "-5"}),),
        (file("a", pax_headers={"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 62)}),),
        (member("d", tarfile.CHRTYPE, devmajor=1, devminor=2), hard_link("y", "z")),
        (file("a", pax_headers={"SCHILY.xattr.nonsense": "x" * 100_000}),),
    ],
)
def test_what_cannot_be(root: Path, members: tuple[bytes, ...]) -> None:
    with pytest.raises(InvalidArchive, match="cannot unpack") as caught:
        unpack(archive(*members), root)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_xattrs_that_would_lead_overlayfs_astray(root: Path) -> None:
    headers = {f"SCHILY.xattr.{name}": "/etc" for name in ("trusted.overlay.redirect", "trusted.overlay.opaque")}
    unpack(archive(directory("d", pax_headers=headers)), root)
    assert os.listxattr(root / "d") == []


def test_deep_directories_go_again(root: Path) -> None:
    depth = 900
    unpack(archive(file("/".join("d" * depth)), file("e"), file("d")), root)
    assert (root / "d").is_file()
    unpack(archive(file("x/" + "/".join("d" * depth))), root)
    remove_tree(root / "x")


def test_a_full_disk(root: Path) -> None:
    need("mount", "umount")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", root], check=True)
    try:
        with pytest.raises(OutOfSpace, match="cannot unpack 'big': the disk is full"):
            unpack(archive(file("big", b"x" * 2_000_000)), root)
    finally:
        subprocess.run(["umount", root], check=True)


# -- any sequence at all

NAMES = st.lists(st.sampled_from(["a", "b", "..", ".", ""]), min_size=1, max_size=4).map("/".join)
MEMBERS = st.one_of(
    st.builds(file, NAMES),
    st.builds(directory, NAMES),
    st.builds(link, NAMES, NAMES.map(lambda name: name or "/")),
    st.builds(hard_link, NAMES, NAMES),
    st.builds(lambda name: file(f"{name}/.wh.b", b""), NAMES),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(MEMBERS, max_size=10))
def test_nothing_leaves_the_directory(members: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        inner = Path(scratch, "1", "2", "root")
        inner.mkdir(parents=True)
        (inner.parent / "a").write_bytes(b"outside")
        try:
            unpack(archive(*members), inner)
        except InvalidArchive:
            pass
        assert os.listdir(scratch) == ["1"]
        assert os.listdir(Path(scratch, "1")) == ["2"]
        assert sorted(os.listdir(inner.parent)) == ["a", "root"]
        assert (inner.parent / "a").read_bytes() == b"outside"
        assert (inner.parent / "a").stat().st_nlink == 1
