"""Packages, laid over each other."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from jettison.bases.assemble import made
from jettison.bases.assemble.root import Root
from jettison.errors import InvalidArchive, InvalidInput, JettisonError, Unsupported
from jettison.oci import tar

_KINDS = {"f": tarfile.REGTYPE, "d": tarfile.DIRTYPE, "l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "c": tarfile.CHRTYPE}


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path, 100)


def lay(root: Root, package: str, *members: str, replaces: str = "") -> None:
    """Members as ``f NAME``, ``d NAME MODE``, ``l NAME TARGET``, ``h NAME TARGET``, ``c NAME``."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as out:
        for line in members:
            kind, name, *rest = line.split(" ")
            member = tarfile.TarInfo(name)
            member.type = _KINDS[kind]
            member.linkname = rest[0] if rest and kind in "lh" else ""
            member.mode = int(rest[0], 8) if rest and kind == "d" else 0o644
            content = package.encode() if kind == "f" else b""
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    stream.seek(0)
    for entry, content_ in tar.read(stream):
        root.lay(package, entry, content_, frozenset(replaces.split()))


def listing(root: Root) -> dict[str, str]:
    return {path: str(entry) for path, entry in sorted(root.entries.items()) if path != "/"}


def test_files_go_through_the_links_of_merged_usr(root: Root) -> None:
    made.before(root, "amd64")
    lay(root, "a", "d ./", "d ./lib/", "d ./lib/x/", "f ./lib/x/file", "f ./lib64/ld", "l ./bin usr/bin", "f ./bin/a")
    found = listing(root)
    assert found["/lib"] == "link -> usr/lib"
    assert found["/usr/lib/x/file"] == found["/usr/lib64/ld"] == found["/usr/bin/a"] == "file 0644 0:0 1"
    assert root.owners["/bin"] == ""


def test_a_directory_has_the_mode_that_a_package_gives_it_first(root: Root) -> None:
    lay(root, "a", "f ./var/a")
    lay(root, "b", "d ./var/ 0700", "d ./tmp/ 1777")
    lay(root, "c", "d ./var/ 0755")
    assert listing(root) == {"/tmp": "dir 1777 0:0", "/var": "dir 0700 0:0", "/var/a": "file 0644 0:0 1"}


def test_two_packages_do_not_bring_the_same_file(root: Root) -> None:
    lay(root, "a", "f ./x", "l ./same there")
    with pytest.raises(InvalidInput, match="cannot unpack b: it brings /x, and so does a"):
        lay(root, "b", "f ./x")
    lay(root, "b", "l ./same there")
    lay(root, "cc", "f ./x", replaces="b a")
    assert listing(root)["/x"] == "file 0644 0:0 2"


def test_hard_links_are_one_file(root: Root) -> None:
    lay(root, "a", "f ./x", "h ./y ./x", "h ./z ./y")
    inodes = {entry.inode for path, entry in root.entries.items() if path != "/"}
    assert len(inodes) == 1
    assert None not in inodes


@pytest.mark.parametrize(
    ("members", "error", "reason"),
    [
        (["f ./../x"], InvalidArchive, "has a .. in it"),
        (["f x", "f x/y"], InvalidArchive, "/x is no directory"),
        (["l a b", "l b a", "f a/x"], InvalidArchive, "is no directory"),
        (["h x y"], InvalidArchive, "no file 'y' to link to"),
        (["f x", "h x x"], InvalidArchive, "to link to"),
        (["d x", "h y x"], InvalidArchive, "to link to"),
        (["c x"], Unsupported, "/x is a char"),
        (["d x", "f x"], InvalidInput, "a directory once"),
        (["f x", "d x"], InvalidInput, "is a directory there and a file here"),
    ],
)
def test_refuses_what_no_package_should_have(
    root: Root, members: list[str], error: type[JettisonError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        lay(root, "a", *members)


def test_no_link_leaves_the_root(root: Root, tmp_path: Path) -> None:
    lay(root, "a", "l up ../../../..", "f up/etc/x", "l abs /tmp", "f abs/y")
    assert {"/etc/x", "/tmp/y"} <= set(root.entries)
    assert list(tmp_path.iterdir()) == []


def test_large_contents_wait_on_the_disk(root: Root, tmp_path: Path) -> None:
    root.file("/small", b"a")
    root.file("/large", b"b" * 100_000)
    root.file("/changed", b"c" * 100_000)
    root.file("/changed", b"d")
    lay(root, "a", "h /again /small", "h /more /large")
    read = {path: root.tree.read(entry)[:3] for path, entry in root.entries.items() if path != "/"}
    assert read == {"/small": b"a", "/large": b"bbb", "/changed": b"d", "/again": b"a", "/more": b"bbb"}
    assert len(list(tmp_path.iterdir())) == 2
