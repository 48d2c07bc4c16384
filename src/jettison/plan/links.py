"""Other names of kept files, which cost nothing: hard links, and symlinks where programs are looked up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind

_LOOKED_UP = re.compile(r"^(/usr(/local)?)?/(s?bin|lib(32|64)?)/|^/lib/[^/]+/|^/usr/lib/[^/]+/")


class OtherNames:
    """The hard links and the symlinks of a tree, by what they reach. Built once for a tree."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree

    @cached_property
    def _hard(self) -> Mapping[tuple[int, int], list[str]]:
        groups: dict[tuple[int, int], list[str]] = defaultdict(list)
        for path, entry in self._tree.items():
            if entry.inode is not None:
                groups[entry.inode].append(path)
        return groups

    @cached_property
    def _soft(self) -> Mapping[str, list[str]]:
        reached: dict[str, list[str]] = defaultdict(list)
        for path, entry in self._tree.items():
            if entry.kind is Kind.SYMLINK and _LOOKED_UP.match(path):
                end, _ = self._tree.walk(path)
                if end is not None and self._tree[end].kind is Kind.FILE:
                    reached[end].append(path)
        return reached

    def of(self, kept: Iterable[str]) -> dict[str, Evidence]:
        """The other names of ``kept`` files."""
        found: dict[str, Evidence] = {}
        for path in kept:
            inode = self._tree[path].inode
            names = (self._hard.get(inode, []) if inode else []) + self._soft.get(path, [])
            found |= {name: Evidence("link", path) for name in names if name != path}
        return found
