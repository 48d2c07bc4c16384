"""From seeds to everything that they need."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from closure.closing import SEED
from jettison.closure.fixpoint import close
from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree
from make import tree


class Words:
    """A closer: every word of a file is a path."""

    name = "words"

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        for word in set(tree.read(entry).decode().split()):
            yield Edge(word, Evidence("mention", entry.path))


def test_what_is_found_is_followed_even_in_a_circle() -> None:
    found = close(tree({"/a": b"/b", "/b": b"/c /a", "/c": b"", "/d": b""}), {"/a": SEED}, [Words()])
    assert set(found) == {"/", "/a", "/b", "/c"}
    assert found["/a"] == (*SEED, Evidence("mention", "/b"))


def test_links_on_the_way_and_parents_are_kept() -> None:
    found = close(tree({"/bin": "link -> usr/bin", "/usr/bin/sh": "link -> dash", "/usr/bin/dash": b""}),
                  {"/bin/sh": SEED}, [])  # fmt: skip
    assert set(found) == {"/", "/bin", "/usr", "/usr/bin", "/usr/bin/sh", "/usr/bin/dash"}
    assert found["/usr"] == (Evidence("directory", "/usr/bin"),)


def test_loops_and_what_is_not_there_end() -> None:
    assert set(close(tree({"/x": "link -> y", "/y": "link -> x"}), {"/x": SEED, "/gone": SEED}, [])) == {
        "/",
        "/x",
        "/y",
    }


def test_directories_may_be_deeper_than_pythons_stack() -> None:
    assert len(close(tree({"/d" * 2000: b""}), {"/d" * 2000: SEED}, [])) == 2001


@given(st.permutations(["/a", "/b", "/x/c", "/x/d"]))
def test_the_order_of_seeds_does_not_matter(seeds: list[str]) -> None:
    image = tree({"/a": b"/x/d /x/c", "/b": b"/y/e /x/c", "/x/c": b"/y/f", "/x/d": b"/y/e", "/y/e": b"", "/y/f": b""})
    wanted = close(image, dict.fromkeys(sorted(seeds), SEED), [Words()])
    assert close(image, dict.fromkeys(seeds, SEED), [Words()]) == wanted
