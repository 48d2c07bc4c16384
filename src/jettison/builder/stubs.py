"""Mount points that a container needs and its root file system lacks: made for the run, and gone afterwards.

Nothing of them ends up in a layer, unless the program itself put something beside or into them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from jettison.runtime.users import inside_root

#: What the runtime mounts in every container.
ALWAYS = ("/proc", "/dev", "/sys")


class Stubs:
    """The mount points of one run."""

    def __init__(self, rootfs: Path) -> None:
        self._root = str(rootfs)
        self._made: list[str] = []
        self._touched: dict[str, os.stat_result] = {}
        self._names: dict[str, set[str]] = {}

    def make(self, destinations: Iterable[str], *, files: bool = False) -> None:
        """Make what is missing of ``destinations``, as directories or (``files``) as files."""
        for destination in destinations:
            self._place(destination.rstrip("/"), files)

    def _place(self, destination: str, file: bool) -> None:
        outside = inside_root(Path(self._root), destination)
        if os.path.lexists(outside):
            return
        parent = os.path.dirname(outside)
        if not os.path.isdir(parent):
            self._place(parent.removeprefix(self._root), False)
        if parent not in self._touched:
            self._touched[parent] = os.lstat(parent)
            self._names[parent] = set(os.listdir(parent))
        if file:
            os.close(os.open(outside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        else:
            os.mkdir(outside, 0o755)
        self._made.append(outside)

    def clean(self) -> None:
        """Remove what was made and is still as it was made; give the directories around it their times back."""
        for path in reversed(self._made):
            try:
                if os.path.isdir(path) and not os.path.islink(path):
                    os.rmdir(path)
                elif os.lstat(path).st_size == 0:
                    os.unlink(path)
            except OSError:
                pass  # the program put something into it, or removed it
        for path, before in self._touched.items():
            if os.path.isdir(path) and set(os.listdir(path)) == self._names[path]:
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def tidy(self, upper: Path) -> None:
        """Remove the copies of directories in which nothing changed in the end; ``upper`` is not mounted any more."""
        for path, before in sorted(self._touched.items(), reverse=True):
            copy = f"{upper}{path.removeprefix(self._root)}"
            try:
                status = os.lstat(copy)
                same = (status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns) == (
                    before.st_mode, before.st_uid, before.st_gid, before.st_mtime_ns,
                )  # fmt: skip
                if same and copy != str(upper):
                    os.rmdir(copy)
            except OSError:
                continue  # not copied, or something in it did change
