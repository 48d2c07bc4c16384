"""What no program reads at run time."""

from __future__ import annotations

import pytest

from jettison.plan.neverruns import never_runs


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/usr/share/man/man1/ls.1.gz", "documentation"),
        ("/usr/share/doc/bash/copyright", "documentation"),
        ("/app/node_modules/a/README.md", "documentation"),
        ("/usr/include/stdio.h", "headers of a library"),
        ("/usr/lib/x86_64-linux-gnu/libc.a", "a library to link with"),
        ("/usr/lib/x86_64-linux-gnu/pkgconfig/zlib.pc", "a library to link with"),
        ("/usr/lib/python3/dist-packages/pandas/core/tests/test_x.py", "tests of a package"),
        ("/app/node_modules/@s/a/test/x.js", "tests of a package"),
        ("/app/node_modules/a/index.d.ts", "types, source maps and settings for developers"),
        ("/usr/lib/python3.11/__pycache__/os.cpython-311.pyc", "a cache"),
        ("/usr/share/zoneinfo/right/UTC", "a second form of the time zone data"),
    ],
)
def test_is_left_out(path: str, reason: str) -> None:
    assert never_runs(path) == reason


@pytest.mark.parametrize(
    "path",
    [
        "/usr/lib/python3/dist-packages/numpy/testing/__init__.py",
        "/usr/lib/python3/dist-packages/django/test/client.py",
        "/usr/lib/python3/dist-packages/skimage/__init__.pyi",
        "/app/node_modules/readme/index.js",
        "/app/node_modules/a/README.js",
        "/app/node_modules/a/LICENSE",
        "/app/node_modules/a/lib/test.js",
        "/app/node_modules/yaml/dist/doc/Document.js",
        "/app/tests/test_app.py",
        "/app/README.md",
        "/usr/share/zoneinfo/Europe/Berlin",
    ],
)
def test_may_be_read(path: str) -> None:
    assert never_runs(path) == ""
