"""Packages of Python and Node.js in archives that nobody unpacked."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.packed import Packed
from jettison.packages.inventory import take
from jettison.packages.model import Gap
from make import tree

METADATA = b"Metadata-Version: 2.1\nName: Django\nVersion: 1.9\n\nName: text\n"
LODASH = json.dumps({"name": "lodash", "version": "4.0.0"}).encode()
SITE = "/usr/lib/python3/site-packages"


def archive(files: dict[str, bytes], before: bytes = b"") -> bytes:
    data = io.BytesIO()
    data.write(before)
    with zipfile.ZipFile(data, "a") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return data.getvalue()


def executable(path: str, content: bytes) -> FileTree:
    return FileTree({path: FileEntry(path, Kind.FILE, mode=0o755, size=len(content))}, {path: content})


WHEEL = archive({"django/__init__.py": b"", "Django-1.9.dist-info/METADATA": METADATA})


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("/srv/Django-1.9-py3-none-any.whl", WHEEL, [("pypi", "Django", "1.9")]),
        (f"{SITE}/Django-1.9-py3.egg", archive({"EGG-INFO/PKG-INFO": METADATA}), [("pypi", "Django", "1.9")]),
        ("/app/run.pyz", archive({"__main__.py": b"", "Django-1.9.dist-info/METADATA": METADATA}),
         [("pypi", "Django", "1.9")]),
        ("/app/run", archive({"__main__.py": b"", ".deps/Django-1.9-py3-none-any.whl": WHEEL},
                             b"#!/usr/bin/env python3\n"), [("pypi", "Django", "1.9")]),
        ("/app/x.pex", archive({".deps/a.whl/Django-1.9.dist-info/METADATA": METADATA}, b"#!/bin/sh\n"),
         [("pypi", "Django", "1.9")]),
        ("/app/.yarn/cache/lodash-npm-4.0.0-1.zip", archive({"node_modules/lodash/package.json": LODASH,
                                                             "node_modules/lodash/x/package.json": b"{}"}),
         [("npm", "lodash", "4.0.0")]),
    ],
)  # fmt: skip
def test_what_is_in_an_archive_is_a_package(path: str, content: bytes, found: list[tuple[str, str, str]]) -> None:
    inventory = take(executable(path, content))
    assert [(each.type, each.name, each.version) for each in inventory.packages] == found
    assert (inventory.unowned, inventory.gaps) == ((), ())
    assert inventory.components[0].place == path


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/app/x.pyz", archive({"__main__.py": b""})),
        ("/app/x.whl", archive({"x.dist-info/METADATA": b"Name: x\n"})),
        ("/app/.yarn/cache/x.zip", archive({"node_modules/x/package.json": b"[" * 99999})),
        ("/app/.yarn/cache/x.zip", archive({"node_modules/x/package.json": b'{"name": 1, "version": null}'})),
    ],
)
def test_an_archive_that_names_nothing_is_of_no_package(path: str, content: bytes) -> None:
    inventory = take(tree({path: content}))
    assert inventory.packages == ()
    assert [(file.path, file.kind) for file in inventory.unowned] == [(path, "archive")]


@given(st.binary(max_size=80), st.integers(0, len(WHEEL)))
def test_broken_archives_are_gaps(junk: bytes, place: int) -> None:
    gaps: list[Gap] = []
    data = WHEEL[:place] + junk + WHEEL[place + len(junk) :]
    list(Packed().find(tree({"/a.whl": data}), gaps.append))
    list(Packed().find(executable("/a", b"#!/bin/sh\nPK\x03\x04" + junk), gaps.append))
    assert any(gap.path == "/a" for gap in gaps)


def test_for_a_gem_that_is_installed_its_record_stands() -> None:
    home = "/usr/local/bundle"
    files = {f"{home}/cache/rack-3.0.gem": b"x", f"{home}/cache/puma-6.0.gem": b"x",
             f"{home}/specifications/rack-3.0.gemspec": b"x"}  # fmt: skip
    assert [file.path for file in take(tree(files)).unowned] == [f"{home}/cache/puma-6.0.gem"]
