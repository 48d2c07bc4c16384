"""Remove directories, however deep: the standard library's way recurses, and archives may be made to harm."""

from __future__ import annotations

import os
from pathlib import Path


def remove_tree(directory: str | Path) -> list[str]:
    """Remove ``directory`` and all below it; gives the paths removed. Symlinks are removed, not followed."""
    directories = [os.fspath(directory)]
    removed = []
    for here in directories:  # grows while it is walked
        with os.scandir(here) as found:
            for item in found:
                if item.is_dir(follow_symlinks=False):
                    directories.append(item.path)
                else:
                    os.unlink(item.path)
                    removed.append(item.path)
    for here in reversed(directories):
        os.rmdir(here)
    return removed + directories


def discard(directory: str | Path) -> None:
    """Remove ``directory`` as far as that works; it may be gone already."""
    try:
        remove_tree(directory)
    except OSError:
        pass  # another process removes it too, or something is mounted in it: the next sweep tries again
