"""Layers unpacked: everything that a layer can say, and nothing outside the directory whatever it says."""

from __future__ import annotations

import io
import os
import stat
import struct
import subprocess
import tarfile
from pathlib import Path

import pytest

from archives import archive, directory, file, hard_link, link, member, unpacked
from jettison.filetree import OPAQUE, FileTree, Kind, index
from jettison.oci.tarwriter import write_layer
from jettison.oci.unpack import unpack

pytestmark = pytest.mark.integration

CAPABILITY = struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0)  # cap_net_raw, effective
LONG = "name-" * 45


# -- what layers say


def test_owners_modes_times_and_capabilities(root: Path) -> None:
    headers = {"SCHILY.xattr.security.capability": CAPABILITY.decode("latin-1")}
    found = unpacked(
        root,
        directory("d", uid=5, gid=6, mode=0o2750, mtime=1000),
        file("d/f", uid=1000, gid=2000, mode=0o4755, mtime=2000, pax_headers=headers),
        member("d/l", tarfile.SYMTYPE, linkname="f", uid=7, gid=8, mtime=3000),
    )
    assert found == {"/d": "dir 2750 5:6", "/d/f": "file 4755 1000:2000 7", "/d/l": "link -> f"}
    entries = index([root])
    assert [entries[path].mtime for path in ("/d", "/d/f", "/d/l")] == [1000, 2000, 3000]
    assert (entries["/d/l"].uid, entries["/d/l"].gid) == (7, 8)
    assert entries["/d/f"].xattrs == {"security.capability": CAPABILITY}
    told = subprocess.run(["/usr/sbin/getcap", root / "d/f"], capture_output=True, text=True, check=True)
    assert "cap_net_raw" in told.stdout


def test_devices_and_pipes(root: Path) -> None:
    unpacked(
        root,
        member("null", tarfile.CHRTYPE, devmajor=1, devminor=3, mode=0o666),
        member("disk", tarfile.BLKTYPE, devmajor=7, devminor=300),
        member("pipe", tarfile.FIFOTYPE),
    )
    found = index([root])
    assert (found["/null"].kind, found["/null"].device, found["/null"].mode) == (Kind.CHARACTER, (1, 3), 0o666)
    assert (found["/disk"].kind, found["/disk"].device) == (Kind.BLOCK, (7, 300))
    assert found["/pipe"].kind is Kind.FIFO


def test_names_long_and_strange(root: Path) -> None:
    name = "d" * 200 + "/" + LONG
    assert unpacked(root, file(name), file("caf\udce9 \n*")).keys() == {
        "/" + "d" * 200, f"/{name}", "/caf\udce9 \n*"
    }  # fmt: skip


def test_missing_parents_are_made_as_docker_does(root: Path) -> None:
    assert unpacked(root, file("a/b/c"))["/a/b"] == "dir 0755 0:0"


def test_the_root_itself(root: Path) -> None:
    unpacked(root, directory("./", mode=0o700, uid=3), file("a"))
    assert (stat.S_IMODE(root.stat().st_mode), root.stat().st_uid) == (0o700, 3)


def test_sparse_files_keep_their_holes(root: Path, tmp_path: Path) -> None:
    headers = {"GNU.sparse.map": "100000000,5", "GNU.sparse.size": "200000000"}
    unpack(archive(file("s", b"12345", pax_headers=headers)), root)
    assert (root / "s").stat().st_size == 200_000_000
    assert (root / "s").stat().st_blocks * 512 < 1_000_000
    with open(root / "s", "rb") as sparse:
        sparse.seek(99_999_999)
        assert sparse.read(7) == b"\x0012345\0"


def test_hard_links(root: Path) -> None:
    unpacked(root, file("a"), directory("d"), hard_link("d/b", "a"), hard_link("/c", "./d/../a"), link("l", "a"))
    assert (root / "a").stat().st_nlink == 3
    assert (root / "d/b").stat().st_ino == (root / "c").stat().st_ino


def test_a_hard_link_to_a_symlink_is_one(root: Path) -> None:
    assert unpacked(root, link("l", "/etc"), hard_link("m", "l"), file("m/x"))["/etc/x"] == "file 0755 0:0 7"


def test_a_hard_link_to_itself_loses_nothing(root: Path) -> None:
    assert unpacked(root, file("a"), hard_link("a", "./a")) == {"/a": "file 0755 0:0 7"}


def test_later_members_replace_earlier_ones(root: Path) -> None:
    found = unpacked(
        root,
        file("a", b"first"), file("a", b"second!"),
        directory("b"), file("b/c"), file("b"),
        file("c"), directory("c"), file("c/d"),
        link("d", "c"), file("d"),
        directory("e", mode=0o700), file("e/f"), directory("e", mode=0o711),
        link("g", "c"), directory("g"), file("g/h"),
    )  # fmt: skip
    assert found["/a"] == "file 0755 0:0 7"
    assert found["/b"].startswith("file")
    assert found["/c/d"].startswith("file")
    assert found["/d"].startswith("file")
    assert found["/e"] == "dir 0711 0:0"
    assert "/e/f" in found
    assert "/g/h" in found
    assert "/c/h" not in found


def test_a_replaced_hard_link_leaves_the_other_name(root: Path) -> None:
    unpacked(root, file("a", b"one"), hard_link("b", "a"), file("a", b"two"))
    assert ((root / "a").read_bytes(), (root / "b").read_bytes()) == (b"two", b"one")


# -- whiteouts


def is_whiteout(place: Path) -> bool:
    status = place.lstat()
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def test_whiteouts_become_devices(root: Path) -> None:
    unpack(archive(directory("d"), file("d/.wh.gone", b""), file(".wh.also", b"")), root)
    assert is_whiteout(root / "d/gone")
    assert is_whiteout(root / "also")


def test_an_opaque_directory(root: Path) -> None:
    unpack(archive(directory("d"), file("d/.wh..wh..opq", b""), file("d/new")), root)
    assert os.getxattr(root / "d", OPAQUE) == b"y"
    assert os.listdir(root / "d") == ["new"]


@pytest.mark.parametrize("first", [True, False])
def test_a_file_and_its_whiteout(root: Path, first: bool) -> None:
    both = [file(".wh.a", b""), file("a")]
    unpack(archive(*(both if first else reversed(both))), root)
    assert (root / "a").read_bytes() == b"content"


@pytest.mark.parametrize("first", [True, False])
def test_a_directory_and_its_whiteout_hide_what_was_below(root: Path, first: bool) -> None:
    both = [file(".wh.d", b""), directory("d")]
    unpack(archive(*(both if first else reversed(both))), root)
    assert os.getxattr(root / "d", OPAQUE) == b"y"


def test_what_aufs_left(root: Path) -> None:
    leavings = (directory(".wh..wh.plnk"), file(".wh..wh.plnk/1.2"), file(".wh..wh.aufs"))
    assert unpacked(root, *leavings, file("a")) == {"/a": "file 0755 0:0 7"}


def test_there_and_back(root: Path, tmp_path: Path) -> None:
    unpack(
        archive(
            directory("d", mode=0o1777, uid=9),
            file("d/f", mode=0o2711, mtime=77, pax_headers={"SCHILY.xattr.user.note": "x\ny=z"}),
            hard_link("d/g", "d/f"),
            member("n", tarfile.CHRTYPE, devmajor=1, devminor=5),
            link("l", "d/f"),
            file(LONG),
        ),
        root,
    )
    first = index([root])
    second = _again(first, root / "again")
    assert {path: (str(entry), entry.mtime, entry.xattrs) for path, entry in second.items() if path != "/"} == {
        path: (str(entry), entry.mtime, entry.xattrs) for path, entry in first.items() if path != "/"
    }
    assert second["/d/f"].inode == second["/d/g"].inode
    assert second["/d/f"].inode is not None


def _again(found: FileTree, place: Path) -> FileTree:
    sink = io.BytesIO()
    write_layer(sink, found, found)
    place.mkdir()
    sink.seek(0)
    unpack(sink, place)
    return index([place])
