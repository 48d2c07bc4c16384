"""Shell globs on the paths of a tree."""

from __future__ import annotations

import pytest

from jettison.plan.globs import covered, expand
from make import tree

TREE = tree({"/usr/bin/sh": "link -> dash", "/usr/bin/dash": b"x", "/usr/lib/a/b.so": b"x", "/bin": "link -> usr/bin"})


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("/usr/bin/dash", ["/usr/bin/dash"]),
        ("/usr/bin/*", ["/usr/bin/dash", "/usr/bin/sh"]),
        ("/usr/bin/[d]*", ["/usr/bin/dash"]),
        ("/usr/lib/*.so", []),
        ("/usr/lib/**", ["/usr/lib", "/usr/lib/a", "/usr/lib/a/b.so"]),
        ("/**/b.so", ["/usr/lib/a/b.so"]),
        ("/bin/d?sh", ["/usr/bin/dash"]),
        ("/bin", ["/bin"]),
        ("/nothing/**", []),
        ("/", ["/"]),
    ],
)
def test_a_pattern_names_paths(pattern: str, paths: list[str]) -> None:
    assert list(expand(TREE, pattern)) == paths


def test_a_directory_covers_what_is_below_it() -> None:
    assert list(covered(TREE, "/usr/lib")) == ["/usr/lib", "/usr/lib/a", "/usr/lib/a/b.so"]
