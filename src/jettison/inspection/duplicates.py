"""Files of equal content under several paths of one tree."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.inspection.model import Waste, WasteKind

#: Smaller files are one block on most disks, and their like is everywhere.
SMALLEST = 4096
_HEAD = 4096
_CHUNK = 1 << 20


def duplicates(tree: FileTree) -> Iterator[Waste]:
    """All but the first of several equal files, each with the first; hard links are one file."""
    for equal in _equal(tree):
        first, *others = sorted(equal, key=lambda entry: (entry.layer, entry.path))
        for entry in others:
            yield Waste(WasteKind.DUPLICATE, entry.path, entry.size, entry.layer, same_as=first.path)


def _equal(tree: FileTree) -> Iterator[list[FileEntry]]:
    """Groups by size, then by the first bytes, then by all: most files are told apart without being read whole."""
    sized: dict[int, list[FileEntry]] = defaultdict(list)
    seen: set[tuple[int, int] | None] = set()
    for entry in tree.values():
        if entry.kind is Kind.FILE and entry.size >= SMALLEST and entry.inode not in seen - {None}:
            sized[entry.size].append(entry)
            if entry.inode is not None:
                seen.add(entry.inode)
    for group in sized.values():
        for near in _split(tree, group, _HEAD):
            yield from _split(tree, near, None) if near[0].size > _HEAD else [near]


def _split(tree: FileTree, group: Iterable[FileEntry], limit: int | None) -> Iterator[list[FileEntry]]:
    found: dict[bytes, list[FileEntry]] = defaultdict(list)
    group = list(group)
    if len(group) > 1:
        for entry in group:
            found[_digest(tree, entry, limit)].append(entry)
    yield from (equal for equal in found.values() if len(equal) > 1)


def _digest(tree: FileTree, entry: FileEntry, limit: int | None) -> bytes:
    hashed = hashlib.sha256()
    if limit is not None or not entry.origin:
        hashed.update(tree.read(entry, limit))
        return hashed.digest()
    with open(tree.open_path(entry), "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.digest()
