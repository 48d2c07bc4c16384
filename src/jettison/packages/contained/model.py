"""Packages that are inside files: linked into a program, packed in a jar, named in a lock file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from jettison.filetree import FileTree
from jettison.packages.model import Gap, Package


class Finder(Protocol):
    """Finds the packages inside files of one kind. The file is the package's record, and its only file."""

    @property
    def name(self) -> str: ...

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterable[Package]:
        """Every package inside files of this kind; what cannot be read is told, and the rest goes on."""
