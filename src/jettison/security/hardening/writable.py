"""What everybody may change: world-writable files, and directories in which everybody may replace what others put."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from jettison.filetree import FileEntry, Kind
from jettison.security.hardening.model import Subject, Weakness
from jettison.security.model import Severity

_KINDS = {Kind.FILE: "file", Kind.DIRECTORY: "directory"}
#: The container's own: the runtime mounts something else over them.
_MOUNTED = ("/dev/", "/proc/", "/sys/")


class Writable:
    """World-writable files, and such directories without the sticky bit."""

    name = "world-writable"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """Of a writable directory only itself is told: that one may write below it says nothing new."""
        for entry in subject.tree.values():
            if entry.mode & stat.S_IWOTH and entry.kind in _KINDS and not entry.path.startswith(_MOUNTED):
                if entry.kind is Kind.DIRECTORY and entry.mode & stat.S_ISVTX:
                    continue
                if _writable(subject.tree.get(entry.parent)):
                    continue
                yield subject.about(entry, f"world-writable-{_KINDS[entry.kind]}", _severity(entry), _message(entry))


def _writable(parent: FileEntry | None) -> bool:
    """Whether it is a directory that is told itself."""
    return parent is not None and parent.mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH


def _severity(entry: FileEntry) -> Severity:
    """Who may change a program has the rights of all who run it."""
    return Severity.HIGH if entry.is_executable else Severity.MEDIUM


def _message(entry: FileEntry) -> str:
    if entry.kind is Kind.DIRECTORY:
        return f"everybody may replace what is in it (mode {entry.mode:04o}, no sticky bit)"
    return f"everybody may change it (mode {entry.mode:04o})"
