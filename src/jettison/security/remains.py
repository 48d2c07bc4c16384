"""What a second image still has of a component whose record is gone: its files, where they were or elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.zips import opened
from jettison.packages.inventory import Component, Inventory
from jettison.packages.records import DOCUMENTATION

#: Bytes; smaller files are the same in many packages (``py.typed``, one-line modules), and little is in them.
SMALLEST = 1024
_CHUNK = 1 << 20
#: Texts that many packages have word for word.
_TEXTS = re.compile(r"(?:licen[cs]es?|copying|notice|authors|readme|change(?:s|log)|history)\b[^/]*", re.IGNORECASE)


@dataclass(frozen=True)
class Remains:
    """Two images' trees and inventories."""

    old: FileTree
    new: FileTree
    before: Inventory
    after: Inventory
    _digests: dict[tuple[bool, str], bytes | None] = field(default_factory=dict)

    def of(self, component: Component, successors: Iterable[Component] = ()) -> str:
        """A path in the second image that holds what was the component's; ``""`` for none.

        Paths that ``successors`` have are theirs: the same package in another version, or another copy of it.
        Documentation does not count, nor what the component shared with a distribution package that is still there.
        """
        mine = {path for path in component.package.files if not DOCUMENTATION.match(path)}
        theirs = frozenset[str]().union(*(each.package.files for each in successors if not self._is_same(mine, each)))
        shared = self._shared if component.package.is_distribution else frozenset[str]()
        kept = (path for path in sorted(mine - theirs - shared) if self._is_there(path))
        return next(kept, "") or next(self._copies(mine, theirs), "") or next(self._changed(mine), "")

    def _is_there(self, path: str) -> bool:
        entry = self.new.get(path)
        return entry is not None and entry.kind is not Kind.DIRECTORY

    def _is_same(self, mine: set[str], successor: Component) -> bool:
        """Whether a newer version's files are all the old ones: then only the number in its record is new."""
        code = [path for path in sorted(mine) if path not in successor.package.records and not _is_text(path)]
        return bool(code) and all(path in successor.package.files and self._unchanged(path) for path in code)

    def _unchanged(self, path: str) -> bool:
        old, new = self.old.get(path), self.new.get(path)
        return old is not None and new is not None and old.kind is new.kind and self._equal(old, new)

    def _equal(self, old: FileEntry, new: FileEntry) -> bool:
        """What cannot be read may be the same."""
        if old.kind is not Kind.FILE:
            return old.target == new.target
        if old.size != new.size:
            return False
        one, two = self._digest(old, of_new=False), self._digest(new, of_new=True)
        return one is None or two is None or one == two

    def _digest(self, entry: FileEntry, *, of_new: bool) -> bytes | None:
        key = of_new, entry.path
        if key not in self._digests:
            try:
                self._digests[key] = _sha256(self.new if of_new else self.old, entry)
            except OSError:
                self._digests[key] = None
        return self._digests[key]

    def _copies(self, mine: set[str], theirs: frozenset[str]) -> Iterator[str]:
        """Where the same bytes are, in no package's file that was there before."""
        for path in sorted(mine):
            old = self.old.get(path)
            if old is None or old.kind is not Kind.FILE or old.size < SMALLEST or _is_text(path):
                continue
            for new in self._sizes.get(old.size, ()):
                if new.path not in theirs and self._equal(old, new) and not self._was_anothers(new.path, mine):
                    yield new.path

    def _changed(self, mine: set[str]) -> Iterator[str]:
        """Programs and archives of no package that are new and called like one of its files: they may be stripped."""
        files = (entry for path in sorted(mine) if (entry := self.old.get(path)) is not None)
        names = {entry.name for entry in files if entry.kind is Kind.FILE and entry.size >= SMALLEST}
        for file in self.after.unowned:
            if file.kind != "script" and file.path.rpartition("/")[2] in names and not self._unchanged(file.path):
                yield file.path

    def _was_anothers(self, path: str, mine: set[str]) -> bool:
        """Whether another package's file had the same bytes in the first image, and has them still."""
        return path in self._owned and path not in mine and self._unchanged(path)

    @cached_property
    def _sizes(self) -> dict[int, list[FileEntry]]:
        found: dict[int, list[FileEntry]] = defaultdict(list)
        for entry in self.new.values():
            if entry.kind is Kind.FILE and entry.size >= SMALLEST:
                found[entry.size].append(entry)
        return found

    @cached_property
    def _owned(self) -> frozenset[str]:
        return frozenset().union(*(package.files for package in self.after.packages))

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Paths that a distribution package had and still has: two of them may have the same file."""
        still = {component.key for component in self.after.components}
        natives = (each for each in self.before.components if each.package.is_distribution)
        return frozenset().union(*(each.package.files for each in natives if each.key in still))


def _is_text(path: str) -> bool:
    return _TEXTS.fullmatch(path.rpartition("/")[2]) is not None


def _sha256(tree: FileTree, entry: FileEntry) -> bytes:
    digest = hashlib.sha256()
    with opened(tree, entry) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()
