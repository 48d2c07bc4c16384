"""Control groups that are left over: of a container that ended, and of those whose Jettison was killed.

The runtime removes what it made, except on machines with both hierarchies, where it forgets the unified one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_MOUNT = Path("/sys/fs/cgroup")
PARENT = "jettison"


@cache
def writable() -> bool:
    """Whether groups can be made: not where a container engine shows them read-only."""
    return all(os.access(path, os.W_OK) for path in (_MOUNT, *_MOUNT.glob("*/")) if os.path.ismount(path))


def remove(name: str) -> None:
    """Remove the groups called ``name``, in which nothing runs any more."""
    for parent in _parents():
        _rmdir(parent / name)


@cache
def sweep() -> None:
    """Remove groups that name a process that is gone; once in the life of a process."""
    for parent in _parents():
        for group in parent.iterdir():
            _, _, rest = group.name.partition("-")
            pid = rest.partition("-")[0]
            if group.is_dir() and pid.isdigit() and not Path("/proc", pid).exists():
                _rmdir(group)


def _parents() -> Iterator[Path]:
    for parent in (_MOUNT / PARENT, *_MOUNT.glob(f"*/{PARENT}")):
        if parent.is_dir():
            yield parent


def _rmdir(group: Path) -> None:
    try:
        os.rmdir(group)
    except OSError:
        pass  # never made, still in use, or not ours to remove
