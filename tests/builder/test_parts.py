"""Small parts of the builder: --chmod, --chown, sources, arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.dockerfiles import make_context
from jettison.builder import ownership, sources
from jettison.builder.archives import is_archive
from jettison.builder.environment import Arguments, global_args
from jettison.dockerfile import open_context
from jettison.errors import BuildError
from jettison.oci.descriptor import Platform


@pytest.mark.parametrize(
    ("chmod", "before", "is_directory", "after"),
    [
        ("755", 0o644, False, 0o755),
        ("4711", 0o644, False, 0o4711),
        ("u+x", 0o644, False, 0o744),
        ("go=", 0o644, False, 0o600),
        ("a+X", 0o644, False, 0o644),
        ("a+X", 0o600, True, 0o711),
        ("u=rwX,go=rX", 0o700, False, 0o755),
        ("+t", 0o755, True, 0o1755),
        ("g+s", 0o755, True, 0o2755),
    ],
)
def test_chmod(chmod: str, before: int, is_directory: bool, after: int) -> None:
    assert ownership.mode(chmod)(before, is_directory) == after


def test_chmod_that_is_none() -> None:
    with pytest.raises(BuildError, match="neither octal"):
        ownership.mode("999")


def test_chown(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("app:x:10:20::/:/bin/sh\n")
    (tmp_path / "etc/group").write_text("staff:x:50:\n")
    assert ownership.owner(tmp_path, "app") == (10, 20)
    assert ownership.owner(tmp_path, "app:staff") == (10, 50)
    assert ownership.owner(tmp_path, "7") == (7, 7)
    assert ownership.owner(tmp_path, "7:staff") == (7, 50)
    with pytest.raises(BuildError, match="no such user"):
        ownership.owner(tmp_path, "nobody")


def test_sources(tmp_path: Path) -> None:
    make_context(tmp_path / "c")
    (tmp_path / "c/alias").symlink_to("dir")
    (tmp_path / "c/.dockerignore").write_text("script\n*.tar.*\n")
    context = open_context(tmp_path / "c")

    def found(pattern: str) -> list[tuple[str, str]]:
        return [(source.name, source.path) for source in sources.find(context, pattern)]

    assert found("alias/a") == [("alias/a", "dir/a")]
    assert found("/../file") == [("file", "file")]
    assert found("*/a") == [("alias/a", "dir/a"), ("dir/a", "dir/a")]
    assert found("script") == found("*.gz") == []
    assert found(".") == [("", "")]


def test_archives_are_told_by_their_content(tmp_path: Path) -> None:
    make_context(tmp_path / "c")
    archives = {path.name for path in (tmp_path / "c").iterdir() if is_archive(str(path))}
    assert archives == {"plain.tar", "packed.tar.gz", "packed.tar.xz", "packed.tar.bz2"}


def test_arguments() -> None:
    outer = global_args([("A", "1"), ("B", "${A}2"), ("C", None)], {"A": "x"}, Platform("linux", "amd64"), "\\")
    assert (outer["A"], outer["B"], outer["TARGETARCH"], "C" in outer) == ("x", "x2", "amd64", False)
    arguments = Arguments({"G": "given", "HTTP_PROXY": "p"}, outer)
    for name, default in (("G", "default"), ("A", None), ("D", "own"), ("N", None)):
        arguments.declare(name, default)
    assert arguments.values == {"G": "given", "A": "x", "D": "own"}
    assert arguments.proxies == {"HTTP_PROXY": "p"}
