"""Other names of kept paths, which cost nothing and without which a path cannot be found.

A trace and a program see different names: the kernel reports the file that was opened in the end, not the links by
which the program went there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.plan.neverruns import never_runs


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
            if entry.kind is Kind.SYMLINK and not never_runs(path):
                end, _ = self._tree.walk(path)
                if end is not None and end != "/":
                    reached[end].append(path)
        return reached

    def of(self, kept: Iterable[str]) -> dict[str, Evidence]:
        """The other names of ``kept`` paths: hard links of files, symlinks that reach files and directories."""
        found: dict[str, Evidence] = {}
        for path in kept:
            inode = self._tree[path].inode
            names = (self._hard.get(inode, []) if inode else []) + self._soft.get(path, [])
            found |= {name: Evidence("link", path) for name in names if name != path}
        return found
