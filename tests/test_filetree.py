"""File trees: layers laid over each other as the kernel does it, and paths followed as the kernel does."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.errors import NotFound
from jettison.filetree import LINK_LIMIT, OPAQUE, FileEntry, Kind, index
from jettison.oci.removal import remove_tree
from make import tree
from tools import need

ROOT = tree(
    {
        "/bin": "link -> usr/bin",
        "/usr/bin/sh": "link -> dash",
        "/usr/bin/dash": "file 0755 0:0 100",
        "/usr/bin/su": "file 4755 0:0 50",
        "/etc/alternatives/vi": "link -> /usr/bin/../bin/dash",
        "/loop": "link -> loop",
        "/up": "link -> ../../etc",
        "/dangling": "link -> /nowhere",
        "/etc/motd": b"welcome",
    }
)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/bin/sh", "/usr/bin/dash"),
        ("bin//./sh", "/usr/bin/dash"),
        ("/etc/alternatives/vi", "/usr/bin/dash"),
        ("/up/motd", "/etc/motd"),
        ("/../..", "/"),
        ("", "/"),
        ("/loop", None),
        ("/dangling", None),
        ("/etc/none/x", None),
    ],
)
def test_paths_end_where_the_kernel_would_end(path: str, end: str | None) -> None:
    assert ROOT.walk(path)[0] == end
    found = ROOT.resolve(path)
    assert (found.path if found else None) == end


def test_the_links_on_the_way_are_told() -> None:
    assert ROOT.walk("/bin/sh")[1] == ("/bin", "/usr/bin/sh")
    assert ROOT.walk("/bin/sh", follow_last=False) == ("/usr/bin/sh", ("/bin",))
    assert len(ROOT.walk("/loop")[1]) == LINK_LIMIT + 1


def test_a_directory_comes_before_its_content() -> None:
    assert list(ROOT.below("/usr")) == ["/usr", "/usr/bin", "/usr/bin/dash", "/usr/bin/sh", "/usr/bin/su"]
    assert list(ROOT.below("/none")) == []
    assert ROOT.children("/etc") == ("/etc/alternatives", "/etc/motd")


def test_a_subset_keeps_the_way_to_its_paths() -> None:
    kept = ROOT.subset(["/usr/bin/dash", "/none", "/etc/motd"])
    assert set(kept) == {"/", "/usr", "/usr/bin", "/usr/bin/dash", "/etc", "/etc/motd"}
    assert kept.read(kept["/etc/motd"]) == b"welcome"
    assert kept.read(kept["/etc/motd"], 3) == b"wel"


def test_one_line_for_each() -> None:
    assert str(ROOT["/usr/bin/su"]) == "file 4755 0:0 50"
    assert str(ROOT["/bin"]) == "link -> usr/bin"
    assert str(ROOT["/etc"]) == "dir 0755 0:0"
    assert [ROOT[path].is_executable for path in ("/usr/bin/su", "/etc", "/bin", "/etc/motd")] == [True] + [False] * 3
    assert (ROOT["/etc/motd"].name, ROOT["/etc/motd"].parent, ROOT["/"].parent) == ("motd", "/etc", "/")


def test_trees_in_memory_have_no_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot open /etc/motd: this tree is in memory"):
        ROOT.open_path(ROOT["/etc/motd"])


def test_hard_links_count_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1000)
    os.link(tmp_path / "a", tmp_path / "b")
    (tmp_path / "c").write_bytes(b"x" * 10)
    found = index([tmp_path])
    assert found.disk_bytes == 1010
    assert found["/a"].inode == found["/b"].inode != found["/c"].inode
    assert found["/c"].inode is None


def test_no_layers_at_all() -> None:
    assert {path: str(entry) for path, entry in index([]).items()} == {"/": "dir 0755 0:0"}


def test_sockets_are_in_no_layer(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)  # the address of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket")
            assert set(index([tmp_path])) == {"/"}
    finally:
        os.chdir(here)


def test_the_content_is_read_of_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    (snapshot / "a").write_bytes(b"a")
    found = index([snapshot])
    (snapshot / "a").unlink()
    (snapshot / "a").symlink_to("../secret")
    with pytest.raises(OSError, match="symbolic links"):
        found.read(found["/a"])


def test_names_that_are_not_text(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).write_bytes(b"1")
    assert "/caf\udce9" in index([tmp_path])


# -- against the kernel

NAMES = st.sampled_from("abc")
#: What a layer does at a path: a file, a directory that is merged or opaque, a symlink, a whiteout.
ACTIONS = st.sampled_from(["file", "dir", "opaque", "link", "whiteout"])
LAYERS = st.lists(
    st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), ACTIONS, max_size=8), min_size=2, max_size=4
)


def lay(directory: Path, actions: dict[str, str], number: int) -> None:
    """Make what an unpacked layer would be; an action below what is no directory is left out."""
    for path, action in sorted(actions.items()):
        place = directory / path
        above = [directory / path[:at] for at, letter in enumerate(path) if letter == "/"]
        if os.path.lexists(place) or any(os.path.lexists(part) and not _is_directory(part) for part in above):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if action == "file":
            place.write_bytes(b"x" * (number + 1))
        elif action == "link":
            place.symlink_to(f"target-{number}")
        elif action == "whiteout":
            os.mknod(place, stat.S_IFCHR, 0)
        else:
            place.mkdir(mode=0o700 + number)
            if action == "opaque":
                os.setxattr(place, OPAQUE, b"y")


def _is_directory(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


@contextmanager
def overlay(layers: list[Path], place: Path) -> Iterator[Path]:
    """Mounted for reading; the kernel wants the highest first, and at least two."""
    lower = ":".join(str(layer) for layer in reversed(layers))
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower}", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def seen(place: Path) -> dict[str, str]:
    """What the kernel shows. It lists whiteouts in directories that are in one layer only, but opens none of them."""
    formats = ("-type", "d", "-printf", "/%P\t%y %m %U:%G\n", "-o", "-printf", "/%P\t%y %m %U:%G %s %l\n")
    listed = subprocess.run(["find", place, *formats], capture_output=True, text=True, check=False)
    assert all("No such file" in line for line in listed.stderr.splitlines()), listed.stderr
    return dict(line.split("\t") for line in listed.stdout.splitlines())


def told(entry: FileEntry) -> str:
    letter = {Kind.FILE: "f", Kind.DIRECTORY: "d", Kind.SYMLINK: "l"}[entry.kind]
    head = f"{letter} {entry.mode:o} {entry.uid}:{entry.gid}"
    return head if entry.kind is Kind.DIRECTORY else f"{head} {entry.size or len(entry.target)} {entry.target}"


@pytest.mark.integration
@settings(max_examples=60, deadline=None)
@given(LAYERS)
def test_the_kernel_s_overlay_shows_the_same(actions: list[dict[str, str]]) -> None:
    need("mount", "umount")
    with tempfile.TemporaryDirectory(prefix="tree") as scratch:
        layers = [Path(scratch) / str(number) for number in range(len(actions))]
        for number, (layer, what) in enumerate(zip(layers, actions, strict=True)):
            layer.mkdir()
            lay(layer, what, number)
        place = Path(scratch) / "mount"
        place.mkdir()
        ours = index(layers)
        with overlay(layers, place):
            kernel = seen(place)
    assert {path: told(entry) for path, entry in ours.items()} == kernel
    assert not any(OPAQUE in entry.xattrs for entry in ours.values())


@pytest.mark.integration
def test_a_deep_directory_is_hidden_without_recursion(tmp_path: Path) -> None:
    need()
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    upper.mkdir()
    below = str(lower)
    for _ in range(1200):
        os.mkdir(below)
        below += "/d"
    os.mknod(upper / "d", stat.S_IFCHR, 0)
    assert set(index([lower, upper])) == {"/"}
    remove_tree(lower)
    assert not lower.exists()


@pytest.mark.integration
def test_devices_owners_and_capabilities(tmp_path: Path) -> None:
    need("mknod", "setcap")
    os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "ping").write_bytes(b"")
    os.chown(tmp_path / "ping", 1000, 2000)
    subprocess.run(["setcap", "cap_net_raw+ep", tmp_path / "ping"], check=True)
    found = index([tmp_path])
    assert (found["/null"].kind, found["/null"].device) == (Kind.CHARACTER, (1, 3))
    assert found["/pipe"].kind is Kind.FIFO
    assert str(found["/ping"]) == "file 0644 1000:2000 0"
    assert list(found["/ping"].xattrs) == ["security.capability"]
