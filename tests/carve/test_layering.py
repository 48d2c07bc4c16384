"""Which layer a path goes into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.carve.layering import layer_of, layering
from jettison.closure.model import Evidence
from jettison.filetree import FileTree
from make import tree

USED = (Evidence("opened", "x"),)
OWN = (Evidence("opened", "x"), Evidence("application", "/app"))


@pytest.mark.parametrize(
    ("path", "evidence", "layer"),
    [
        ("/usr/lib/x86_64-linux-gnu/libc.so.6", USED, "system"),
        ("/etc/passwd", USED, "system"),
        ("/usr/local/bin/node", USED, "runtime"),
        ("/usr/local/lib/node_modules/npm/lib/npm.js", USED, "runtime"),
        ("/usr/lib/python3.11/os.py", USED, "runtime"),
        ("/usr/lib/python3/dist-packages/flask/app.py", USED, "dependencies"),
        ("/usr/local/lib/python3.12/site-packages/flask/app.py", USED, "dependencies"),
        ("/app/node_modules/express/index.js", USED, "dependencies"),
        ("/app/server.js", OWN, "application"),
        ("/etc/nginx/nginx.conf", OWN, "application"),
    ],
)
def test_layer_of(path: str, evidence: tuple[Evidence, ...], layer: str) -> None:
    assert layer_of(path, evidence) == layer


def test_every_layer_carries_the_directories_that_lead_to_its_paths() -> None:
    found = layering(
        tree({"/app/s.js": b"x", "/app/node_modules/a/i.js": b"x"}),
        {"/app/s.js": OWN, "/app/node_modules/a/i.js": USED},
    )
    assert found == {
        "dependencies": ("/app", "/app/node_modules", "/app/node_modules/a", "/app/node_modules/a/i.js"),
        "application": ("/app", "/app/s.js"),
    }
    assert list(found) == ["dependencies", "application"]


def test_the_names_of_one_file_are_in_one_layer() -> None:
    paths = tree({"/bin/busybox": b"x", "/app/tool": b"x"})
    linked = FileTree({p: replace(e, inode=(0, 7) if e.size else None) for p, e in paths.items()})
    found = layering(linked, {"/bin/busybox": USED, "/app/tool": OWN})
    assert found == {"system": ("/app", "/app/tool", "/bin", "/bin/busybox")}


def test_directories_alone_make_no_layer() -> None:
    found = layering(tree({"/bin/sh": b"x", "/app": "dir"}), {"/bin/sh": USED, "/app": OWN})
    assert found == {"system": ("/app", "/bin", "/bin/sh")}
