"""Manifests that cannot be read."""

from __future__ import annotations

import pytest

from jettison.packages.model import Gap
from jettison.packages.npm import Npm
from jettison.packages.records import LIMIT
from make import tree

A = "/app/node_modules/a/package.json"
GOOD = {"/app/node_modules/b/package.json": b'{"name": "b", "version": "1.0.0"}'}


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "it is no JSON"),
    (b"{", "it is no JSON"),
    (b"\xff\x00\xfe", "it is no JSON"),
    (b"[" * 99999, "it is no JSON"),
    (b"1" * 9999, "it is no JSON"),
    (b"[]", "it is no JSON object"),
    (b"7", "it is no JSON object"),
    (b"null", "it is no JSON object"),
    (b'{"version": "1"}', "it says no name"),
    (b'{"name": 7}', "it says no name"),
    (b'{"name": ""}', "it says no name"),
    (b'{"name": "\\ud800"}', "it says no name"),
    ("dir 0755", "it is a directory"),
    ("fifo", "it is no regular file"),
    (f"file 0644 0:0 {LIMIT + 1}", "it is bigger than 64 MB"),
    ("link -> package.json", "it is a link that leads nowhere"),
])  # fmt: skip
def test_a_manifest_that_cannot_be_read_is_told_and_the_others_are_found(content: str | bytes, reason: str) -> None:
    image = tree({A: content, **GOOD})
    assert [str(package) for package in Npm().catalog(image)] == ["b 1.0.0"]
    assert list(Npm().gaps(image)) == [Gap(A, reason)]


def test_what_is_no_manifest_of_a_package_is_not_told() -> None:
    image = tree({
        "/app/package.json": b"{", "/app/node_modules/a/test/package.json": b"[",
        "/app/node_modules/.x/package.json": b"",
        **GOOD,
    })  # fmt: skip
    assert list(Npm().gaps(image)) == []


def test_a_manifest_may_be_a_link() -> None:
    image = tree({A: "link -> /store/a.json", "/store/a.json": b'{"name": "a", "version": "2.0.0"}'})
    assert [str(package) for package in Npm().catalog(image)] == ["a 2.0.0"]
    assert list(Npm().gaps(image)) == []
