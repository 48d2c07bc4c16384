"""In which layer a package came, though every layer that installs something writes the database anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jettison.filetree import FileTree
from jettison.packages.inventory import take
from jettison.packages.model import Package
from make import tree

APK = (
    b"P:busybox\nV:1\nF:bin\nR:busybox\nR:sh\nF:etc\nR:securetty\n\n"
    b"P:libssl3\nV:3\nF:lib\nR:libssl.so.3\n\nP:empty\nV:1\n\n"
)
INSTRUCTIONS = ("ADD rootfs.tar /", "RUN apk add libssl3", "RUN chmod 0600 /etc/securetty")


def layered(files: Mapping[str, str | bytes], layers: Mapping[str, int]) -> FileTree:
    """A tree in which a path is of the layer that ``layers`` says, else of layer 0."""
    made = tree(files)
    contents = {path: content for path, content in files.items() if isinstance(content, bytes)}
    return FileTree({path: replace(one, layer=layers.get(path, 0)) for path, one in made.items()}, contents)


def came(image: FileTree, native: tuple[Package, ...] | None = None) -> dict[str, tuple[int, str]]:
    return {one.package.name: (one.layer, one.instruction) for one in take(image, INSTRUCTIONS, native).components}


@pytest.mark.parametrize("database", ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"])
def test_a_package_of_alpine_came_with_its_files_not_with_the_database(database: str) -> None:
    files: dict[str, str | bytes] = {
        database: APK, "/bin/busybox": "file", "/bin/sh": "link -> busybox", "/etc/securetty": "file",
        "/lib/libssl.so.3": "file",
    }  # fmt: skip
    found = came(layered(files, {database: 1, "/lib/libssl.so.3": 1, "/etc/securetty": 2}))
    assert found == {
        "busybox": (0, INSTRUCTIONS[0]), "libssl3": (1, INSTRUCTIONS[1]), "empty": (1, INSTRUCTIONS[1]),
    }  # fmt: skip
    gone: dict[str, str | bytes] = {database: APK.partition(b"\n\n")[0], "/bin/busybox": "file"}
    assert came(layered(gone, {database: 1})) == {"busybox": (0, INSTRUCTIONS[0])}


def test_a_package_of_debian_came_with_its_files_not_with_the_status() -> None:
    info = "/var/lib/dpkg/info"
    files: dict[str, str | bytes] = {
        "/var/lib/dpkg/status": b"".join(
            f"Package: {name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n".encode()
            for name in ("tar", "curl")
        ),
        f"{info}/tar.list": b"/usr/bin/tar\n", f"{info}/curl.list": b"/usr/bin/curl\n",
        "/usr/bin/tar": "file", "/usr/bin/curl": "file",
    }  # fmt: skip
    new = dict.fromkeys(("/var/lib/dpkg/status", f"{info}/curl.list", "/usr/bin/curl"), 1)
    assert came(layered(files, new)) == {"tar": (0, INSTRUCTIONS[0]), "curl": (1, INSTRUCTIONS[1])}


def test_a_package_of_rpm_came_with_its_files_and_two_halves_with_the_lower() -> None:
    database = "/var/lib/rpm/rpmdb.sqlite"
    files = frozenset({"/usr/bin/a", "/usr/bin/b", "/usr/bin/gone"})
    package = Package("rpm", "both", "1", files=files, records=frozenset({database}))
    image = layered({database: b"", "/usr/bin/a": "file", "/usr/bin/b": "file"}, {database: 2, "/usr/bin/b": 1})
    assert came(image, (package,))["both"] == (0, INSTRUCTIONS[0])


def test_a_package_of_a_language_came_with_its_record() -> None:
    record = "/app/node_modules/a/package.json"
    files = frozenset({record, "/app/node_modules/a/a.js", "/app/node_modules/a/b.js"})
    package = Package("npm", "a", "2", files=files, records=frozenset({record}), root="/app/node_modules/a")
    image = layered(dict.fromkeys(files, "file"), {record: 1})
    assert came(image, (package,))["a"] == (1, INSTRUCTIONS[1])
