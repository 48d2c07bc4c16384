"""System calls that Python's ``os`` lacks in 3.11, by ctypes: mount, umount, setns, unshare, prctl."""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNET = 0x40000000
MNT_DETACH = 2
MS_RDONLY = 1
MS_NODEV = 4
MS_BIND = 4096
MS_PRIVATE = 1 << 18
_PR_SET_CHILD_SUBREAPER = 36


def mount(source: str, target: str, kind: str, flags: int = 0, data: str = "") -> None:
    """mount(2)."""
    _check(
        _LIBC.mount(os.fsencode(source), os.fsencode(target), kind.encode(), flags, os.fsencode(data) or None), target
    )


def umount(target: str, flags: int = 0) -> None:
    """umount2(2)."""
    _check(_LIBC.umount2(os.fsencode(target), flags), target)


def unshare(flags: int) -> None:
    """unshare(2), for the calling thread."""
    _check(_LIBC.unshare(flags))


def setns(descriptor: int, kind: int) -> None:
    """setns(2), for the calling thread."""
    _check(_LIBC.setns(descriptor, kind))


def syncfs(directory: str) -> None:
    """syncfs(2): bring the file system that ``directory`` is on to disk."""
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(_LIBC.syncfs(handle), directory)
    finally:
        os.close(handle)


def become_subreaper() -> None:
    """Let orphaned descendants become children of this process, so that it can wait for them (prctl(2))."""
    _check(_LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def _check(result: int, path: str = "") -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path or None)
