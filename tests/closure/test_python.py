"""Modules of Python."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from closure.closing import closed
from jettison.closure.python import imported
from make import tree

SITE = "/usr/lib/python3/dist-packages"


def test_imports_are_found_in_every_form() -> None:
    source = b"import a.b\nfrom c import d\nimportlib.import_module('e.f')\n__import__('g')\nfrom . import h\n"
    assert {"a.b", "c", "c.d", "e.f", "g", "pkg.h"} <= imported(source, "pkg")


def test_statements_are_found_wherever_they_may_stand() -> None:
    source = b"try: import a\nexcept E: from b import c\nx = 1; import d\nfrom e import f, \\\n    g\n# do import z\n"
    assert imported(source) == {"a", "b", "b.c", "d", "e", "e.f", "e.g"}


def test_a_source_with_errors_imports_nothing() -> None:
    assert imported(b"import (") == set()


@given(st.binary(max_size=200))
def test_no_source_raises(source: bytes) -> None:
    imported(source)
    imported(b"import os\n" + source, "a", "b")


def test_modules_packages_and_extensions_are_found_beside_and_in_site_packages() -> None:
    image = tree(
        {
            "/app/main.py": b"import util, p.q, fast\nfrom ns.m import x\n",
            "/app/util.py": b"",
            f"{SITE}/p/__init__.py": b"",
            f"{SITE}/p/q.py": b"from .r import s",
            f"{SITE}/p/r.py": b"",
            f"{SITE}/fast.cpython-311-x86_64-linux-gnu.so": b"",
            f"{SITE}/ns/m.py": b"",
            f"{SITE}/z.py": b"",
        }
    )
    found = closed(image, "/app/main.py")
    assert found == {path for path in image if str(image[path])[0] == "f"} - {"/app/main.py", f"{SITE}/z.py"}
