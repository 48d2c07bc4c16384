"""From what a tracer saw to what an image needed: paths of the image, each with its evidence."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from pathlib import Path

from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.observe.model import Access, Tracer

#: What the kernel appends to the name of a file that was deleted while it was open.
_DELETED = " (deleted)"
_RUNTIMES = ("runc", "crun", "youki")
#: What no image brings.
_KERNEL = ("/proc/", "/sys/", "/dev/")
#: What the runtime makes in every container.
MOUNT_POINTS = {"/dev", "/proc", "/sys", "/etc", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"}


class Recorder:
    """Sorts accesses into paths of the image (``opened``) and paths that the run made (``created``)."""

    def __init__(self, scenario: str, tree: FileTree, tracer: Tracer) -> None:
        self.opened: dict[str, set[Evidence]] = {}
        self.created: set[str] = set()
        self.missing: dict[str, str] = {}
        self.calls: set[str] = set()
        self.new_paths: list[tuple[str, int]] = []
        self._scenario = scenario
        self._tree = tree
        self._tracer = tracer

    def mark(self, step: str) -> None:
        """``step`` is over: what was first seen since the last mark is counted as its doing."""
        before = len(self.opened)
        seen = self._tracer.drain()
        for access in seen.accesses:
            self._access(access)
        for path in seen.missing:
            self.missing.setdefault(path, step)
        self.calls.update(seen.calls)
        self.new_paths.append((step, len(self.opened) - before))

    def _access(self, access: Access) -> None:
        program = _name(access.program)
        if program is None and not access.executed:
            return  # the runtime, before the program was there
        kind = "executed" if access.executed else "opened"
        evidence = Evidence(kind, f"{program or 'container'} in {self._scenario}")
        for path in self._paths(access.path):
            self.opened.setdefault(path, set()).add(evidence)

    def _paths(self, path: str) -> tuple[str, ...]:
        """What of the image was used when ``path`` was: itself, or where it leads with the symlinks on the way."""
        entry = self._tree.get(path) or self._tree.get(path.removesuffix(_DELETED))
        if entry and entry.kind is not Kind.SYMLINK:
            return (entry.path,)
        end, links = self._tree.walk(path)
        if end is None:
            self.created |= set() if path.startswith(_KERNEL) else {path}
            return ()
        return (*links, end)

    def compare_with(self, upper: Path) -> None:
        """Take in the upper directory of the container's overlay, after the run.

        What the run wrote to, renamed, removed or gave another owner was needed even where nothing opened it:
        ``chown`` and ``rm`` of a path that is not there fail. What it added is no part of the image.
        """
        evidence = Evidence("opened", f"a change in {self._scenario}")
        for path, is_directory in _changes(os.fspath(upper)):
            if path not in self._tree:
                self.created |= {path} - MOUNT_POINTS
            elif not is_directory or self._tree[path].kind is not Kind.DIRECTORY:
                self.opened.setdefault(path, set()).add(evidence)


def _changes(upper: str) -> Iterator[tuple[str, bool]]:
    """Every path in an upper directory, and whether it is a directory there (a whiteout is none)."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(upper + inside) as found:
            for item in found:
                path = f"{inside}/{item.name}"
                is_directory = stat.S_ISDIR(item.stat(follow_symlinks=False).st_mode)
                if is_directory:
                    waiting.append(path)
                yield path, is_directory


def _name(program: str) -> str | None:
    """The program's name; ``None`` for the container runtime, which copies itself into memory first."""
    if program.startswith("/memfd:runc") or posixpath.basename(program) in _RUNTIMES:
        return None
    return posixpath.basename(program.removesuffix(_DELETED)) or "a process"
