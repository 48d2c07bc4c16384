"""Slices: patterns of paths, and the file that they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.bases.assemble import slices
from jettison.bases.assemble.slices import Slice, full, matches
from jettison.errors import InvalidConfiguration, NotFound


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("/usr/lib", "/usr/lib/a/b", True),
        ("/usr/lib", "/usr/libx", False),
        ("/lib/*.so", "/usr/lib/a.so", True),
        ("/usr/lib/*.so", "/usr/lib/x/a.so", False),
        ("/usr/lib/**/*.so*", "/usr/lib/a.so.1", True),
        ("/usr/lib/**/*.so*", "/usr/lib/x/y/a.so.1", True),
        ("/usr/lib/*/gconv", "/usr/lib/x/gconv/A.so", True),
        ("/usr/**", "/usr", True),
        ("/a?c", "/abc", True),
        ("/a?c", "/a/c", False),
        ("/library", "/usr/library", False),
        ("/a.c", "/abc", False),
        ("/lib64", "/usr/lib64/ld.so", True),
    ],
)
def test_patterns(pattern: str, path: str, holds: bool) -> None:
    assert matches(pattern, path) is holds


def test_a_link_is_to_the_path_itself() -> None:
    assert full("/usr/lib/jvm/*", "/usr/lib/jvm/a")
    assert not full("/usr/lib/jvm/*", "/usr/lib/jvm/a/bin")


def test_a_slice_has_its_paths_without_what_is_excluded() -> None:
    part = Slice(("/usr/lib",), ("/usr/lib/x",))
    assert [path for path in ("/usr/lib/a", "/usr/lib/x/a", "/usr/bin/a") if part.has(path)] == ["/usr/lib/a"]
    assert Slice(exclude=("/a",)).has("/b")


def test_of_two_files_the_later_one_counts(tmp_path: Path) -> None:
    (tmp_path / "1").write_text('[package.a]\npaths = ["/1"]\n[package.b]\n[links]\n"/x" = "/y"\n')
    (tmp_path / "2").write_text('[package.a]\nexclude = ["/2"]\n')
    found = slices.read(tmp_path / "1").merged(slices.read(tmp_path / "2"))
    assert found.packages == {"a": Slice((), ("/2",)), "b": Slice()}
    assert found.links == {"/x": "/y"}


@pytest.mark.parametrize(
    "text",
    ["x = 1", "package = 1", "[package]\na = 1", "[package.a]\npath = []", '[package.a]\npaths = "/x"', "[",
     "links = []", '[package.a]\npaths = ["x"]', '[links]\n"a" = "/b"', '[links]\n"/a" = 1'],
)  # fmt: skip
def test_refuses_what_means_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "s").write_text(text)
    with pytest.raises(InvalidConfiguration, match="cannot read the slices"):
        slices.read(tmp_path / "s")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        slices.read(tmp_path / "nothing")
