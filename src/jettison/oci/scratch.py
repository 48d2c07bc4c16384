"""Work in progress in a store: directories that belong to a living process, and go when it is gone.

Each user of a store has a directory and holds a lock (flock) on it for as long as it lives. The kernel lets go of the
lock when a process dies, in whatever way, so this is also true between containers that share a store and do not
see each other's processes. ``scratch`` itself is locked while such directories come and go.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jettison.errors import JettisonError
from jettison.oci.removal import discard

#: The directories of this process.
_OURS: set[Path] = set()
_MNT_DETACH = 2


class Scratch:
    """The directory ``root``, in which one store has its work in progress."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._own: Path | None = None
        self._guard = threading.Lock()

    def directory(self) -> Path:
        """Our own directory, made when it is first needed."""
        with self._guard:
            if self._own is None:
                with _locked(self._root):
                    own = Path(tempfile.mkdtemp(dir=self._root, prefix=f"{os.getpid()}-"))
                    handle = os.open(own, os.O_RDONLY)
                    fcntl.flock(handle, fcntl.LOCK_EX)
                weakref.finalize(self, os.close, handle)
                _OURS.add(own)
                self._own = own
            return self._own

    def sweep(self) -> None:
        """Remove what dead processes left, and unmount what they had mounted there."""
        if not any(self._root.iterdir()):
            return
        with _locked(self._root):
            for left in self._root.iterdir():
                if left not in _OURS and not _is_locked(left):
                    _detach_mounts(left)
                    discard(left)

    @contextmanager
    def alone(self, action: str) -> Iterator[None]:
        """While no other process works in the store, and none begins to. Raises ``JettisonError`` otherwise."""
        self.directory()
        with _locked(self._root):
            others = [left.name for left in self._root.iterdir() if left not in _OURS and _is_locked(left)]
            if others:
                process = others[0].partition("-")[0]
                raise JettisonError(f"cannot {action}: process {process} works with the store; try again after it")
            yield


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_locked(directory: Path) -> bool:
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _detach_mounts(directory: Path) -> None:
    """Unmount what a killed process left mounted below ``directory``, the deepest first."""
    inside = f"{directory}/"
    try:
        mounts = [_unescaped(line.split()[4]) for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:
        return
    for place in sorted((m for m in mounts if m.startswith(inside)), key=len, reverse=True):
        ctypes.CDLL(None).umount2(place.encode(), _MNT_DETACH)


def _unescaped(text: str) -> str:
    """A path of mountinfo, where blanks are written in octal (proc(5))."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
