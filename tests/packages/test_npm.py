"""Directories in ``node_modules``."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jettison.packages.npm import Npm
from make import tree


def test_a_package_has_its_files_but_not_those_of_packages_in_it() -> None:
    image = tree({
        "/app/node_modules/a/package.json": b'{"name": "a", "version": "1.0.0"}',
        "/app/node_modules/a/lib/x.js": "file",
        "/app/node_modules/a/node_modules/@s/b/package.json": b'{"name": "@s/b", "version": "2.0.0"}',
        "/app/node_modules/a/lib/package.json": b'{"type": "module"}',
        "/app/package.json": b'{"name": "app"}',
    })  # fmt: skip
    a, b = sorted(Npm().catalog(image), key=str, reverse=True)
    assert (str(a), str(b)) == ("a 1.0.0", "@s/b 2.0.0")
    assert a.files == {f"/app/node_modules/a/{name}" for name in ("package.json", "lib/x.js", "lib/package.json")}


def test_a_version_that_is_no_text_is_none() -> None:
    (package,) = Npm().catalog(tree({"/node_modules/a/package.json": b'{"name": "a", "version": [1]}'}))
    assert package.version == ""


@given(st.one_of(st.binary(max_size=100), st.sampled_from([b"[" * 9999, b'{"name": 1}', b"1" * 9999, b'"\\ud800"'])))
def test_no_manifest_raises(content: bytes) -> None:
    list(Npm().catalog(tree({"/node_modules/a/package.json": content})))
