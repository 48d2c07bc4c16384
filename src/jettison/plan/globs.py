"""Shell globs on absolute paths of a tree: ``*`` stays inside a name, ``**`` crosses directories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import lru_cache

from jettison.filetree import FileTree

_SPECIAL = re.compile(r"[*?\[]")


def expand(tree: FileTree, pattern: str) -> tuple[str, ...]:
    """Every path of ``tree`` that ``pattern`` names, sorted; a pattern without wildcards names at most one.

    Symlinked directories on the way are followed, as a shell would; the last component is not.
    """
    parts = tuple(part for part in pattern.split("/") if part)
    return tuple(sorted(set(_expand(tree, "/", parts))))


def covered(tree: FileTree, pattern: str) -> tuple[str, ...]:
    """As ``expand``, with everything below what it names: what "this directory" means to a person."""
    return tuple(sorted({below for path in expand(tree, pattern) for below in tree.below(path)}))


def _expand(tree: FileTree, here: str, parts: tuple[str, ...]) -> Iterator[str]:
    if not parts:
        yield here
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for below in tree.below(here):
            yield from _expand(tree, below, rest) if rest else iter((below,))
        return
    for child in _children(tree, here, part):
        if not rest:
            yield child
            continue
        end, _ = tree.walk(child)
        if end is not None:
            yield from _expand(tree, end, rest)


def _children(tree: FileTree, here: str, part: str) -> Iterator[str]:
    if not _SPECIAL.search(part):
        child = f"{'' if here == '/' else here}/{part}"
        if child in tree:
            yield child
        return
    matches = _compiled(part)
    for child in tree.children(here):
        if matches.match(child.rpartition("/")[2]):
            yield child


@lru_cache(maxsize=1024)
def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
