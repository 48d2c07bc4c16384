"""Every file of every layer, also those that a later layer hides."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jettison.filetree import OPAQUE, FileTree
from jettison.inspection.model import Waste, WasteKind


@dataclass(frozen=True, slots=True)
class LayerFiles:
    """One layer: path -> size of its regular files (a hard-linked file's bytes at its first path), and all counted.

    ``names`` has, for the first path of each hard-linked file, all of its paths.
    """

    sizes: dict[str, int]
    files: int
    names: dict[str, list[str]]


def read(snapshot: Path) -> LayerFiles:
    """Walk one unpacked layer (overlayfs form: a character device 0:0 hides, and is no file)."""
    sizes: dict[str, int] = {}
    first: dict[int, str] = {}
    names: dict[str, list[str]] = {}
    count = 0
    waiting = [("", os.fspath(snapshot))]
    while waiting:
        inside, outside = waiting.pop()
        with os.scandir(outside) as found:
            for item in sorted(found, key=lambda entry: entry.name):
                path = f"{inside}/{item.name}"
                if item.is_dir(follow_symlinks=False):
                    waiting.append((path, item.path))
                    continue
                status = item.stat(follow_symlinks=False)
                if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
                    continue
                count += 1
                if stat.S_ISREG(status.st_mode):
                    again = status.st_nlink > 1 and status.st_ino in first
                    sizes[path] = 0 if again else status.st_size
                    if status.st_nlink > 1:
                        names.setdefault(first.setdefault(status.st_ino, path), []).append(path)
    return LayerFiles(sizes, count, names)


def hidden(layers: Sequence[LayerFiles], snapshots: Sequence[Path], tree: FileTree) -> Iterator[Waste]:
    """The files that a container never sees, layer by layer."""
    for number, layer in enumerate(layers):
        for path, size in layer.sizes.items():
            if any(_is_seen(tree, name, number) for name in layer.names.get(path, (path,))):
                continue  # also by another name of the same file
            by_layer = _hider(path, number, snapshots)
            brought = by_layer is not None and _brings(snapshots[by_layer], path)
            kind = WasteKind.OVERWRITTEN if brought else WasteKind.DELETED
            yield Waste(kind, path, size, number, by_layer)


def _is_seen(tree: FileTree, path: str, number: int) -> bool:
    entry = tree.get(path)
    return entry is not None and entry.layer == number


def _hider(path: str, number: int, snapshots: Sequence[Path]) -> int | None:
    """The first later layer that hides ``path``: by itself, or by what it does to a directory above."""
    parts = path.split("/")[1:]
    for later in range(number + 1, len(snapshots)):
        here = os.fspath(snapshots[later])
        for part in parts:
            here = f"{here}/{part}"
            try:
                status = os.lstat(here)
            except OSError:
                break
            if not stat.S_ISDIR(status.st_mode) or _is_opaque(here):
                return later
    return None


def _brings(snapshot: Path, path: str) -> bool:
    """Whether the layer has something at ``path`` that is no whiteout."""
    try:
        status = os.lstat(f"{snapshot}{path}")
    except OSError:
        return False
    return not (stat.S_ISCHR(status.st_mode) and status.st_rdev == 0)


def _is_opaque(path: str) -> bool:
    try:
        return os.getxattr(path, OPAQUE, follow_symlinks=False) == b"y"
    except OSError:
        return False
