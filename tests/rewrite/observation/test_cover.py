"""A cover stands for what it was made from, and for nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jettison.filetree import FileTree
from jettison.rewrite.observation.cover import Cover, Rules, cover, expand
from jettison.rewrite.observation.litter import Litter, litter
from make import tree

PARTS = st.sampled_from(["a", "b", "c", "README.md", "x.md", ".md", ".b.md", "t.test.js", "test", "-n", "q r"])
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts)), max_size=25)


@st.composite
def trees(draw: st.DrawFn) -> tuple[FileTree, frozenset[str]]:
    """A tree, and paths of it that are closed under parents."""
    leaves = draw(PATHS)
    inner = {path[:at] for path in leaves for at, char in enumerate(path) if char == "/" and at}
    image = tree({path: "dir" if path in inner or path.endswith("b") else b"12" for path in leaves})
    kept = draw(st.sets(st.sampled_from(sorted(image)))) if len(image) else set()
    return image, frozenset(image.subset({*kept, "/"}))


@given(trees())
def test_an_exact_cover_is_exact(given: tuple[FileTree, frozenset[str]]) -> None:
    image, kept = given
    found = cover(image, kept)
    assert expand(found, image) == kept
    assert not any(a != b and b.startswith(f"{a}/") for a in found.whole for b in found.whole + found.bare)


@given(trees())
def test_litter_leaves_what_is_kept(given: tuple[FileTree, frozenset[str]]) -> None:
    image, kept = given
    roots = [path for path in image.children("/") if path in kept]
    assert expand(cover(image, kept, Rules(litter=litter(image, kept, roots))), image) == kept


@given(trees(), st.sampled_from([0.0, 0.001, 1.0]))
def test_rounding_only_adds(given: tuple[FileTree, frozenset[str]], price: float) -> None:
    image, kept = given
    rounded = cover(image, kept, Rules(may_round=lambda path: "a" in path, price=price))
    added = expand(rounded, image) - kept
    assert expand(rounded, image) >= kept
    assert all("a" in path for path in added)


def test_a_directory_is_whole_where_all_of_it_stays() -> None:
    image = tree({"/a/b/c": b"", "/a/b/d": b"", "/a/e": b"", "/f": b"", "/g/h": b""})
    assert cover(image, {"/", "/a", "/a/b", "/a/b/c", "/a/b/d", "/g"}) == Cover(("/a/b",), ("/g",))
    assert cover(image, {"/", "/a", "/a/b", "/a/b/c", "/a/b/d", "/a/e"}) == Cover(("/a",))


def test_what_little_is_not_kept_is_taken_away_again() -> None:
    image = tree({"/m/one": b"", "/m/two": b"", "/m/three": b"", "/m/x/deep": b"", "/m/y": b""})
    kept = set(image) - {"/m/x", "/m/x/deep"}
    assert cover(image, kept) == Cover(("/m",), (), ("/m/x",))


def test_some_directories_are_never_whole() -> None:
    image = tree({"/etc/a": b"", "/etc/b": b"", "/proc": "dir"})
    assert cover(image, set(image), Rules(split=("/", "/etc", "/proc"))) == Cover(("/etc/a", "/etc/b"), ("/proc",))


def test_what_is_dropped_everywhere_is_a_pattern() -> None:
    names = ("README.md", "HISTORY.md", "index.js", "LICENSE", "test")
    image = tree({f"/m/{package}/{name}": b"1" for package in "abcd" for name in names})
    kept = set(image.subset(path for path in image if path.endswith(("js", "LICENSE"))))
    found = litter(image, kept, ["/m"])
    assert found == Litter(("/m",), frozenset({"test"}), (".md",))
    assert found.patterns == ("*.md", "test")
    assert cover(image, kept, Rules(litter=found)) == Cover(("/m",), (), (), found)


def test_a_name_that_cannot_be_written_comes_with_its_directory_or_not_at_all() -> None:
    image = tree({"/m/a\n": b"", "/m/b": b"", "/n/a\n": b"", "/n/b": b""})
    assert cover(image, {"/", "/m", "/m/a\n", "/m/b", "/n", "/n/b"}) == Cover(("/m", "/n/b"))


def test_what_is_cheap_stays() -> None:
    image = tree({**{f"/m/{n}": b"1" for n in range(9)}, "/m/a-big-one": "file 0644 0:0 900000", "/m/a-small-one": b""})
    kept = {"/", "/m"} | {f"/m/{n}" for n in range(9)}
    assert cover(image, kept) == Cover(("/m",), (), ("/m/a-big-one", "/m/a-small-one"))
    assert cover(image, kept, Rules(may_round=lambda _: True, price=1e-3)) == Cover(("/m",), (), ("/m/a-big-one",))
    assert cover(image, kept, Rules(may_round=lambda _: True)) == Cover(("/m",))


def test_a_directory_that_is_kept_without_its_content_is_not_filled() -> None:
    image = tree({"/m/a": b"", "/m/b": b""})
    assert cover(image, {"/", "/m"}, Rules(may_round=lambda _: True)) == Cover((), ("/m",))
