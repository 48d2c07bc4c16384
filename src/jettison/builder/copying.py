"""Copy files into a root file system as COPY does: content, modes, times, xattrs, links; the owner is chosen.

The destination is reached with its symlinks followed inside the root. Below it nothing is followed: what is in the
way of a file is replaced, what is in the way of a directory is an error, and so no symlink leads anything astray.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jettison.errors import BuildError
from jettison.runtime.users import inside_root

Chooser = Callable[[str], bool]


@dataclass(slots=True)
class Copier:
    """``owner`` is for all that is made, ``None`` keeps owners; ``mode`` changes the permission bits of copies."""

    rootfs: Path
    owner: tuple[int, int] | None = (0, 0)
    mode: Callable[[int, bool], int] | None = None
    _linked: dict[tuple[int, int], str] = field(default_factory=dict)

    def directory(self, path: str) -> str:
        """Make the directory ``path`` of the root file system, and its parents; gives where it is outside."""
        here = ""
        for part in [part for part in path.split("/") if part not in ("", ".")]:
            here = inside_root(self.rootfs, f"{here}/{part}").removeprefix(str(self.rootfs))
            outside = f"{self.rootfs}{here}"
            if not os.path.lexists(outside):
                self.directory(here.rpartition("/")[0])  # of where a link led, which may be missing too
                os.mkdir(outside, 0o755)
                os.chmod(outside, 0o755)
                if self.owner:
                    os.lchown(outside, *self.owner)
            elif not os.path.isdir(outside):
                raise BuildError(f"cannot copy to {path}: {here} is not a directory")
        return f"{self.rootfs}{here}"

    def target(self, path: str) -> str:
        """Where ``path`` is outside, its parents made, a symlink at its end followed."""
        parent = self.directory(path.rpartition("/")[0])
        inside = parent.removeprefix(str(self.rootfs))
        return inside_root(self.rootfs, f"{inside}/{path.rpartition('/')[2]}")

    def content(self, source: str, target: str, has: Chooser) -> None:
        """Copy what is in the directory ``source`` into the directory ``target``, which is made like it."""
        if not os.path.lexists(target):
            os.mkdir(target)
            self._into(source, target, "", has)
            self._attributes(source, target, os.lstat(source))
        elif not os.path.isdir(target):
            raise BuildError(f"cannot copy to {self._inside(target)}: it is not a directory")
        else:
            self._into(source, target, "", has)

    def file(self, source: str, target: str) -> None:
        """Copy anything but a directory, in place of what is there."""
        status = os.lstat(source)
        if stat.S_ISSOCK(status.st_mode):
            return
        self._make_room(target)
        names = (status.st_dev, status.st_ino)
        if status.st_nlink > 1 and names in self._linked:
            os.link(self._linked[names], target, follow_symlinks=False)
            return
        self._create(source, target, status)
        if status.st_nlink > 1:
            self._linked[names] = target
        self._attributes(source, target, status)

    def _into(self, source: str, target: str, inside: str, has: Chooser) -> None:
        with os.scandir(source) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            path = f"{inside}/{entry.name}" if inside else entry.name
            here = f"{target}/{entry.name}"
            if not has(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                self._nested(entry.path, here, path, has)
            else:
                self.file(entry.path, here)

    def _nested(self, source: str, target: str, inside: str, has: Chooser) -> None:
        if not os.path.lexists(target):
            os.mkdir(target)
        elif not stat.S_ISDIR(os.lstat(target).st_mode):
            raise BuildError(f"cannot copy to {self._inside(target)}: it is not a directory")
        self._into(source, target, inside, has)
        self._attributes(source, target, os.lstat(source))

    def _make_room(self, target: str) -> None:
        try:
            os.unlink(target)
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError) as error:
            raise BuildError(f"cannot copy to {self._inside(target)}: it is a directory") from error

    def _create(self, source: str, target: str, status: os.stat_result) -> None:
        if stat.S_ISREG(status.st_mode):
            shutil.copyfile(source, target, follow_symlinks=False)
        elif stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(source), target)
        else:
            os.mknod(target, status.st_mode, status.st_rdev)

    def _attributes(self, source: str, target: str, status: os.stat_result) -> None:
        os.lchown(target, *(self.owner or (status.st_uid, status.st_gid)))
        for name in os.listxattr(source, follow_symlinks=False):
            _copy_xattr(source, target, name)
        if not stat.S_ISLNK(status.st_mode):
            mode = stat.S_IMODE(status.st_mode)
            is_directory = stat.S_ISDIR(status.st_mode)
            os.chmod(target, self.mode(mode, is_directory) if self.mode else mode)
        os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns), follow_symlinks=False)

    def _inside(self, outside: str) -> str:
        return outside.removeprefix(str(self.rootfs))


def _copy_xattr(source: str, target: str, name: str) -> None:
    if name.startswith(("trusted.", "system.", "security.selinux")):
        return  # the machine's own, or overlayfs's
    try:
        os.setxattr(target, name, os.getxattr(source, name, follow_symlinks=False), follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM):
            raise
