"""The context gives what is not ignored, and never anything from outside."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from jettison.builder.sources import find
from jettison.dockerfile import Context, open_context
from jettison.dockerfile.context import clean
from jettison.errors import InvalidInput, NotFound
from jettison.oci.removal import remove_tree


def make(root: Path, *paths: str, ignore: str = "") -> Context:
    """A context with files, directories (``a/``) and links (``a -> b``)."""
    for path in paths:
        name, _, target = path.partition(" -> ")
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if target:
            (root / name).symlink_to(target)
        elif name.endswith("/"):
            (root / name).mkdir(exist_ok=True)
        else:
            (root / name).write_text(name)
    if ignore:
        (root / ".dockerignore").write_text(ignore)
    return open_context(root)


def test_paths_are_sorted_parents_first(tmp_path: Path) -> None:
    context = make(tmp_path, "b/x", "a", "b/c/y", "empty/", "link -> b")
    assert list(context.paths()) == ["a", "b", "b/c", "b/c/y", "b/x", "empty", "link"]
    assert list(context.paths("b")) == ["b/c", "b/c/y", "b/x"]
    assert list(context.paths("a")) == []


def test_ignored_directories_are_not_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ignore = "node_modules\n.dockerignore\n!src/node_modules\n!*/keep"
    context = make(tmp_path, "a", "node_modules/b/c", "node_modules/keep", "src/node_modules/d", ignore=ignore)
    listed: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: listed.append(str(Path(path).relative_to(tmp_path))) or scandir(path)
    )
    assert list(context.paths()) == [
        "a",
        "node_modules",
        "node_modules/keep",
        "src",
        "src/node_modules",
        "src/node_modules/d",
    ]
    assert listed == [".", "node_modules", "src", "src/node_modules"]


def test_exceptions_inside_ignored_directories(tmp_path: Path) -> None:
    context = make(tmp_path, "a/b/keep", "a/b/not", "a/c/not", "d/not", ignore="*\n!**/keep")
    assert list(context.paths()) == ["a", "a/b", "a/b/keep"]
    assert [path for path in ("", "a", "a/b", "a/b/not", "a/c", "d", "none") if context.has(path)] == ["", "a", "a/b"]


def test_the_dockerfiles_own_ignore_file_goes_first(tmp_path: Path) -> None:
    make(tmp_path, "a", "b", "Dockerfile", "docker/Other", ignore="a")
    (tmp_path / "docker/Other.dockerignore").write_text("b")
    assert open_context(tmp_path).has("b")
    assert not open_context(tmp_path, tmp_path / "Dockerfile").has("a")
    assert not open_context(tmp_path, tmp_path / "docker/Other").has("b")
    assert open_context(tmp_path, tmp_path / "docker/Other").has("a")


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not a directory"):
        open_context(tmp_path / "none")
    (tmp_path / ".dockerignore").write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        open_context(tmp_path)


def test_what_copy_names(tmp_path: Path) -> None:
    context = make(tmp_path, "a.txt", "b.txt", ".hidden", "dir/c.txt", "dir/deep/d.txt", "no.txt", ignore="no.txt")

    def names(pattern: str) -> list[str]:
        return [source.name for source in find(context, pattern)]

    assert names("*.txt") == ["a.txt", "b.txt"]
    assert names("./a.txt") == names("/a.txt") == names("../../a.txt") == ["a.txt"]
    assert names("*/*.txt") == ["dir/c.txt"]
    assert names("d?r/[a-c]*") == ["dir/c.txt"]
    assert ".hidden" in names("*")
    assert names(".") == [""]
    assert names("no.txt") == names("none") == names("**/d.txt") == []
    with pytest.raises(InvalidInput, match="cannot read the pattern"):
        names("[")


def test_links_never_lead_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("k")
    context = make(tmp_path / "context", "a/file", "up -> ../secret", "abs -> /etc", f"key -> {secret}/key", "in -> a")
    assert [source.outside for source in find(context, "in/file")] == [str(tmp_path / "context/a/file")]
    for pattern in ("up/key", "abs/passwd", "*/key", "key", "up", "abs"):
        for source in find(context, pattern):
            assert Path(source.outside).is_relative_to(tmp_path / "context")
            assert not Path(source.outside).is_symlink()
    assert "up/key" not in list(context.paths())
    assert list(context.paths("up")) == list(context.paths("abs")) == []
    assert context.digest("up") != context.digest("abs")


def test_digest_is_of_content_names_and_modes_alone(tmp_path: Path) -> None:
    one = make(tmp_path / "1", "d/a", "d/b/c", "d/l -> a")
    two = make(tmp_path / "2", "d/b/c", "d/l -> a", "d/a")
    os.utime(tmp_path / "2/d/a", (1, 1))
    if os.geteuid() == 0:
        os.chown(tmp_path / "2/d/a", 1000, 1000)
    assert one.digest("d") == two.digest("d") != one.digest("d/b")
    assert one.digest("d/a") != one.digest("d/l")
    before = two.digest("d")
    os.chmod(tmp_path / "2/d/a", 0o755)
    assert two.digest("d") != before
    os.chmod(tmp_path / "2/d/a", 0o644)
    assert two.digest("d") == before
    (tmp_path / "2/d/a").rename(tmp_path / "2/d/z")
    assert two.digest("d") != before


def test_ignored_files_do_not_change_the_digest(tmp_path: Path) -> None:
    context = make(tmp_path, "d/a", "d/log", ignore="**/log")
    before = context.digest("d")
    (tmp_path / "d/log").write_text("more")
    assert context.digest("d") == before


def test_what_is_not_there_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot read d/b: it is not in the context"):
        make(tmp_path, "d/a").digest("d/b")


def test_a_deep_directory() -> None:
    root = Path(tempfile.mkdtemp(prefix="jettison-"))  # not pytest's: it cannot remove what is that deep
    try:
        deep = root / "/".join(["d"] * 1100)
        for directory in [*reversed(deep.parents), deep]:
            directory.mkdir(exist_ok=True)
        (deep / "keep").write_text("")
        (root / ".dockerignore").write_text("*\n!**/keep")
        assert len(list(open_context(root).paths())) == 1101
    finally:
        remove_tree(root)


def test_names_that_are_not_utf8_and_pipes(tmp_path: Path) -> None:
    context = make(tmp_path, "d/a")
    (tmp_path / os.fsdecode(b"d/\xff")).write_text("")
    os.mkfifo(tmp_path / "d/pipe")
    assert len(list(context.paths("d"))) == 3
    assert context.digest("d")


def test_four_thousand_files(tmp_path: Path) -> None:
    for directory in range(200):
        (tmp_path / f"d{directory}").mkdir()
        for file in range(20):
            os.close(os.open(tmp_path / f"d{directory}/{file}", os.O_CREAT))
    (tmp_path / ".dockerignore").write_text("*.md\n**/*.pyc\n.git\nbuild/**/out\n!README.md\n**/5\n")
    context = open_context(tmp_path)
    assert len(list(context.paths())) == 200 + 200 * 19 + 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/./b//c/", "a/b/c"), ("/a", "a"), ("../../a", "a"), ("a/../../b", "b"), (".", ""), ("", "")],
)
def test_clean(path: str, expected: str) -> None:
    assert clean(path) == expected
