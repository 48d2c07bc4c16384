"""Weaknesses of files and of the configuration, apart from secrets."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

import make
from jettison.filetree import FileTree
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.oci.image import Image
from jettison.security.hardening import Subject, Weakness, look
from jettison.security.hardening.modes import capabilities
from jettison.security.model import Severity

QUIET = ContainerConfig(user="1000")


def found(tree: FileTree, owned: frozenset[str] = frozenset(), container: ContainerConfig = QUIET) -> list[Weakness]:
    image = Image(ImageConfig(container=container), ())
    return list(look(Subject(image, tree, (), ("FROM scratch",), owned)))


def short(tree: FileTree, owned: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    return [(one.kind, str(one.severity), one.path) for one in found(tree, owned)]


def test_setuid_and_setgid_files() -> None:
    tree = make.tree({
        "/usr/bin/su": "file 4755", "/usr/local/bin/mine": "file 4755", "/usr/bin/wall": "file 2755 0:5",
        "/opt/root-group": "file 2755", "/opt/other": "file 4755 33:33", "/var/mail": "dir 2775",
        "/bin/ls": "file 0755", "/bin/link": "link -> su",
    })  # fmt: skip
    assert short(tree, frozenset({"/usr/bin/su", "/usr/bin/wall"})) == [
        ("setuid", "high", "/usr/local/bin/mine"),
        ("setgid", "medium", "/opt/root-group"),
        ("setuid", "medium", "/opt/other"),
        ("setuid", "medium", "/usr/bin/su"),
        ("setgid", "low", "/usr/bin/wall"),
    ]
    (one,) = found(make.tree({"/x": "file 6755"}))
    assert one == Weakness("setuid", Severity.HIGH, "/x", 0, "FROM scratch", "whoever starts it is root (mode 6755)")


def test_world_writable_paths_once_each() -> None:
    tree = make.tree({
        "/tmp": "dir 1777", "/tmp/log": "file 0666", "/data": "dir 0777", "/data/below": "dir 0777",
        "/data/file": "file 0666", "/app/run.sh": "file 0777", "/app/notes": "file 0666", "/app/link": "link -> x",
        "/dev/null": "char 0666", "/dev/shm": "dir 0777", "/run/pipe": "fifo 0666",
    })  # fmt: skip
    assert short(tree) == [
        ("world-writable-file", "high", "/app/run.sh"),
        ("world-writable-directory", "medium", "/data"),
        ("world-writable-file", "medium", "/app/notes"),
        ("world-writable-file", "medium", "/tmp/log"),
    ]


def capability(permitted: int, inheritable: int = 0, version: int = 2) -> bytes:
    low = (0x01000000 * version | 1, permitted & 0xFFFFFFFF, inheritable & 0xFFFFFFFF)
    high = (permitted >> 32, inheritable >> 32) if version > 1 else ()
    return struct.pack(f"<{3 + len(high)}I", *low, *high)


def test_file_capabilities_are_named() -> None:
    assert capabilities(capability(1 << 13)) == ("cap_net_raw",)
    assert capabilities(capability(1 << 10, 1 << 13, version=1)) == ("cap_net_bind_service", "cap_net_raw")
    assert capabilities(capability(1 << 39 | 1 << 63)) == ("cap_bpf", "capability 63")
    assert capabilities(capability(1 << 21) + bytes(4)) == ("cap_sys_admin",)
    assert capabilities(b"") == capabilities(b"nonsense") == capabilities(capability(0)) == ()


def test_file_capabilities_that_make_root_are_worse() -> None:
    plain = make.tree({"/bin/ping": "file 0755", "/bin/debug": "file 0755", "/bin/none": "file 0755"})
    values = {"/bin/ping": capability(1 << 13), "/bin/debug": capability(1 << 19), "/bin/none": b"x"}
    entries = {path: plain[path] for path in plain}
    entries |= {path: replace(plain[path], xattrs={"security.capability": value}) for path, value in values.items()}
    assert short(FileTree(entries)) == [("capabilities", "high", "/bin/debug"), ("capabilities", "low", "/bin/ping")]


@pytest.mark.parametrize(
    ("user", "root"),
    [
        ("", True), ("0", True), ("0:1000", True), ("root", True), ("00", True), ("toor", True), (":1000", True),
        ("1000", False), ("app", False), ("app:root", False), ("nobody-knows", False), ("9" * 5000, False),
    ],
)  # fmt: skip
def test_root_by_name_or_number(user: str, root: bool) -> None:
    tree = make.tree({"/etc/passwd": b"toor:x:0:0::/:/bin/sh\napp:x:1000:0::/:/bin/sh\nbroken\n"})
    kinds = [one.kind for one in found(tree, container=ContainerConfig(user=user))]
    assert kinds == (["root-user"] if root else [])


def test_root_by_another_number_than_usual() -> None:
    tree = make.tree({"/etc/passwd": b"root:x:1000:0::/:/bin/sh\n"})
    assert found(tree, container=ContainerConfig(user="root")) == []
