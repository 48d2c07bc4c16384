"""Modules of Node."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from closure.closing import closed
from make import tree


def test_files_directories_and_packages_are_found_as_node_finds_them() -> None:
    image = tree(
        {
            "/app/a.js": b"require('./b'); require('./lib'); import(\"@s/p/sub\"); require('q'); require('fs')",
            "/app/b.json": b"{}",
            "/app/lib/index.js": b"",
            "/app/lib/other.js": b"",
            "/node_modules/@s/p/package.json": b'{"exports": {"./sub": {"require": "./dist/sub.cjs"}}}',
            "/node_modules/@s/p/dist/sub.cjs": b"",
            "/node_modules/@s/p/t.ts": b"",
            "/app/node_modules/q/package.json": b'{"main": "lib/q"}',
            "/app/node_modules/q/lib/q.js": b"",
        }
    )
    assert closed(image, "/app/a.js") == set(image) - {
        "/app/a.js",
        "/app/lib/other.js",
        "/node_modules/@s/p/t.ts",
        *(path for path in image if str(image[path])[0] == "d"),
    }


def test_imports_of_the_package_itself_are_found() -> None:
    image = tree(
        {
            "/app/package.json": b'{"imports": {"#x/*": "./src/*.js"}}',
            "/app/m.mjs": b"import '#x/y'",
            "/app/src/y.js": b"",
        }
    )
    assert closed(image, "/app/m.mjs") == {"/app/package.json", "/app/src/y.js"}


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_no_source_and_no_manifest_raises(source: bytes, manifest: bytes) -> None:
    image = tree({"/app/a.js": b"require('q/x');" + source, "/node_modules/q/package.json": manifest})
    closed(image, "/app/a.js")


@given(
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([".", "./x", "./*", "import", "node", "default"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_map_of_exports_raises(exports: object) -> None:
    import json

    manifest = json.dumps({"exports": exports, "main": exports}).encode()
    closed(tree({"/a.js": b"require('q/x'); require('q')", "/node_modules/q/package.json": manifest}), "/a.js")
