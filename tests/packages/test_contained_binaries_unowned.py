"""Programs and scripts that no package has."""

from __future__ import annotations

import pytest

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.model import Package
from jettison.packages.unowned import Unowned, unowned
from make import tree

ELF = b"\x7fELF" + bytes(60)


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [("/app/server", ELF, "elf"), ("/lib/modules/6.1/x.ko", ELF, "elf"), ("/app/x.o", ELF, ""),
     ("/app/libx.a", b"!<arch>\n", ""), ("/app/run", b"#!/bin/sh\n", "script"), ("/app/server.js", b"x()", "script"),
     ("/app/__pycache__/a.cpython-311.pyc", b"\xa7\r\r\n", "script"), ("/app/a.pyc", b"\xa7\r\r\n", "script"),
     ("/lib/python3/site-packages/x-1.egg", b"PK\x03\x04", "archive"), ("/app/x-1-py3-none-any.whl", b"PK", "archive"),
     ("/app/.yarn/cache/lodash-npm-4.17.21-1.zip", b"PK\x03\x04", "archive"), ("/app/backup.zip", b"PK\x03\x04", ""),
     ("/app/run.pex", b"#!/usr/bin/python3\nPK\x03\x04", "archive"), ("/app/x.phar", b"<?php", "archive"),
     ("/app/run", b"#!/usr/bin/env python3\nPK\x03\x04", "archive"), ("/app/x.gem", b"x", "archive"),
     ("/app/run2", b"#!/bin/sh\n" + b"#" * 9000 + b"\nPK\x03\x04", "archive"), ("/app/x.pyz", b"PK", "archive"),
     ("/app/a.jar", b"PK\x03\x04", "archive"), ("/app/a.txt", b"hello", ""), ("/app/empty.py", b"", "")],
)  # fmt: skip
def test_a_file_of_no_package_has_a_kind(path: str, content: bytes, kind: str) -> None:
    assert unowned(tree({path: content}), ()) == ((Unowned(path, kind, len(content)),) if kind else ())


def test_what_a_package_has_is_not_told() -> None:
    package = Package("deb", "x", "1", files=frozenset({"/bin/x"}))
    assert [file.path for file in unowned(tree({"/bin/x": ELF, "/bin/y": ELF}), [package])] == ["/bin/y"]


@pytest.mark.parametrize("name", ["a.cpython-311.pyc", "a.cpython-311.opt-1.pyc"])
def test_for_a_compiled_script_its_source_stands(name: str) -> None:
    package = Package("deb", "x", "1", files=frozenset({"/lib/a.py"}))
    files = {"/lib/a.py": b"pass", f"/lib/__pycache__/{name}": b"\xa7\r\r\n"}
    assert unowned(tree(files), [package]) == ()
    assert [file.path for file in unowned(tree(files), ())] == ["/lib/a.py"]


def test_maintainer_scripts_are_their_package_s() -> None:
    info = "/var/lib/dpkg/info"
    files = {f"{info}/x:amd64.list": b"/bin\n", f"{info}/x:amd64.postinst": b"#!/bin/sh\n"}
    assert unowned(tree(files), ()) == ()
    assert [file.path for file in unowned(tree({f"{info}/y.postinst": b"#!/bin/sh\n"}), ())] == [f"{info}/y.postinst"]


def test_a_hard_linked_file_is_told_once() -> None:
    entries = {path: FileEntry(path, Kind.FILE, size=len(ELF), inode=(0, 7)) for path in ("/a", "/b")}
    assert [file.path for file in unowned(FileTree(entries, dict.fromkeys(entries, ELF)), ())] == ["/a"]
