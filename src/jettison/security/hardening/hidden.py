"""What an image still holds though no container shows it: files that a later layer removes or replaces."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from jettison.filetree import FileEntry, FileTree, Kind


def hidden(snapshots: Sequence[Path], tree: FileTree) -> Iterator[FileEntry]:
    """Regular files of unpacked layers (lowest first) that ``tree``, which is all of them together, does not show.

    Only those are asked for their size and mode, so that this takes a fraction of indexing each layer.
    """
    seen: set[Path] = set()
    for number, snapshot in enumerate(snapshots):
        if snapshot not in seen:  # the same layer twice shows the same files
            seen.add(snapshot)
            yield from _layer(os.fspath(snapshot), number, tree)


def _layer(snapshot: str, number: int, tree: FileTree) -> Iterator[FileEntry]:
    waiting = [("", snapshot)]
    while waiting:
        inside, outside = waiting.pop()
        with os.scandir(outside) as found:
            for item in found:
                path = f"{inside}/{item.name}"
                if item.is_dir(follow_symlinks=False):
                    waiting.append((path, item.path))
                elif item.is_file(follow_symlinks=False) and not _shown(tree, path, item.path):
                    yield _entry(path, item, number)


def _shown(tree: FileTree, path: str, origin: str) -> bool:
    entry = tree.get(path)
    return entry is not None and entry.origin == origin


def _entry(path: str, item: os.DirEntry[str], number: int) -> FileEntry:
    status = item.stat(follow_symlinks=False)
    mode = stat.S_IMODE(status.st_mode)
    return FileEntry(
        path, Kind.FILE, mode, status.st_uid, status.st_gid, status.st_size, layer=number, origin=item.path
    )
