"""Unpack a layer archive into a directory, in overlayfs form.

The directory starts empty and is ours alone, so what a path leads through is known without asking the file system:
every symlink that the archive made is remembered, and followed inside the root as a container would.
"""

from __future__ import annotations

import errno
import os
import stat
import tarfile
from typing import BinaryIO

from jettison.errors import InvalidArchive, OutOfSpace
from jettison.oci import tar
from jettison.oci.codec import CHUNK

_OVERLAY_OPAQUE = "trusted.overlay.opaque"
_LINK_LIMIT = 40
#: xattrs that would change how overlayfs reads the snapshot, or that belong to the machine.
_REFUSED_XATTRS = ("trusted.overlay.", "user.overlay.", "security.selinux")


def unpack(stream: BinaryIO, directory: str) -> None:
    """Unpack the tar ``stream`` into the empty ``directory``, owners, modes, times and xattrs included.

    Whiteouts become character devices 0:0 and opaque markers the xattr ``trusted.overlay.opaque``. Names with
    ``..`` or a leading ``/`` stay inside. Needs root. Raises ``InvalidArchive`` and ``OutOfSpace``.
    """
    _Unpacking(os.fspath(directory)).run(stream)


class _Unpacking:
    def __init__(self, root: str) -> None:
        self.root = root
        self.links: dict[str, str] = {}
        self.directories: dict[str, tuple[int, int] | None] = {"": None}

    def run(self, stream: BinaryIO) -> None:
        for member, content in tar.read(stream):
            try:
                self.member(member, content)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise OutOfSpace(f"cannot unpack {member.name}: the disk is full") from error
                raise InvalidArchive(f"cannot unpack {member.name!r}: {error.strerror}") from error
        for path, times in reversed(self.directories.items()):
            if times:
                os.utime(self.root + path, ns=times)

    def member(self, member: tarfile.TarInfo, content: BinaryIO | None) -> None:
        path = self.place(member.name)
        parent, _, name = path.rpartition("/")
        if not name:
            return self.attributes(self.root, member, "") if member.isdir() else None
        self.parents(parent)
        outside = self.root + path
        if name.startswith(tar.WHITEOUT):
            return self.whiteout(parent, name)
        if not self.clear(path, outside, member):
            return self.attributes(outside, member, path)
        self.create(path, outside, member, content)
        if not member.islnk():
            self.attributes(outside, member, path)
        return None

    def place(self, name: str, *, last: bool = False) -> str:
        """Where ``name`` is inside the root: ``/a/b``, or ``""`` for the root; symlinks in it are followed."""
        if "\0" in name:
            raise InvalidArchive(f"cannot unpack {name!r}: a NUL byte in a name")
        todo = [part for part in reversed(name.split("/")) if part and part != "."]
        here, followed = "", 0
        while todo:
            part = todo.pop()
            if part == "..":
                here = here.rpartition("/")[0]
                continue
            target = self.links.get(f"{here}/{part}")
            if target is None or (not todo and not last):
                here = f"{here}/{part}"
                continue
            followed += 1
            if followed > _LINK_LIMIT:
                raise InvalidArchive(f"cannot unpack {name!r}: its symlinks form a loop")
            here = "" if target.startswith("/") else here
            todo.extend(part for part in reversed(target.split("/")) if part and part != ".")
        return here

    def parents(self, path: str) -> None:
        """Make the directories of ``path`` that the archive did not bring."""
        if path in self.directories:
            return
        self.parents(path.rpartition("/")[0])
        if not os.path.isdir(self.root + path):
            if os.path.lexists(self.root + path):
                os.unlink(self.root + path)
            os.mkdir(self.root + path, 0o755)
        self.directories[path] = None

    def whiteout(self, parent: str, name: str) -> None:
        if name == tar.OPAQUE:
            os.setxattr(self.root + parent, _OVERLAY_OPAQUE, b"y")
        elif name.startswith(".wh..wh."):
            pass  # AUFS's own bookkeeping, which Docker's archives of old carry
        else:
            hidden = f"{self.root}{parent}/{name.removeprefix(tar.WHITEOUT)}"
            if name == tar.WHITEOUT or name.removeprefix(tar.WHITEOUT) in (".", ".."):
                raise InvalidArchive(f"cannot unpack {name!r}: a whiteout of nothing")
            if not os.path.lexists(hidden):
                os.mknod(hidden, stat.S_IFCHR, 0)

    def clear(self, path: str, outside: str, member: tarfile.TarInfo) -> bool:
        """Remove what an earlier member put here. False where a directory is already there and may stay."""
        if path in self.directories:
            if member.isdir():
                return False
            _remove_tree(outside)
            self.forget(path)
        elif self.links.pop(path, None) is not None or os.path.lexists(outside):
            os.unlink(outside)
        return True

    def forget(self, path: str) -> None:
        below = path + "/"
        for known in [p for p in self.directories if p == path or p.startswith(below)]:
            del self.directories[known]
        for known in [p for p in self.links if p.startswith(below)]:
            del self.links[known]

    def create(self, path: str, outside: str, member: tarfile.TarInfo, content: BinaryIO | None) -> None:
        if member.isdir():
            os.mkdir(outside, 0o700)
            self.directories[path] = None
        elif content is not None:
            _write(outside, member, content)
        elif member.islnk():
            self.hard_link(outside, member)
        elif member.issym():
            os.symlink(member.linkname, outside)
            self.links[path] = member.linkname
        elif member.isfifo():
            os.mkfifo(outside, 0o600)
        elif member.ischr() or member.isblk():
            kind = stat.S_IFCHR if member.ischr() else stat.S_IFBLK
            os.mknod(outside, kind | 0o600, os.makedev(member.devmajor, member.devminor))
        else:
            raise InvalidArchive(f"cannot unpack {member.name!r}: its type {member.type!r} is not known")

    def hard_link(self, outside: str, member: tarfile.TarInfo) -> None:
        target = self.place(member.linkname)
        parent = target.rpartition("/")[0]
        if parent not in self.directories or not os.path.lexists(self.root + target) or target in self.directories:
            raise InvalidArchive(
                f"cannot unpack {member.name!r}: hard link to {member.linkname!r}, which is not there"
            )
        os.link(self.root + target, outside, follow_symlinks=False)
        if target in self.links:
            self.links[outside.removeprefix(self.root)] = self.links[target]

    def attributes(self, outside: str, member: tarfile.TarInfo, path: str) -> None:
        os.lchown(outside, member.uid, member.gid)
        if not member.issym():
            os.chmod(outside, member.mode & 0o7777)
        for name, value in tar.xattrs(member).items():
            if not name.startswith(_REFUSED_XATTRS):
                _set_xattr(outside, name, value)
        nanoseconds = int(member.mtime) * 1_000_000_000
        if member.isdir():
            self.directories[path] = (nanoseconds, nanoseconds)
        else:
            os.utime(outside, ns=(nanoseconds, nanoseconds), follow_symlinks=False)


def _set_xattr(outside: str, name: str, value: bytes) -> None:
    try:
        os.setxattr(outside, name, value, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM):  # as Docker: a file system without them goes without
            raise


def _write(outside: str, member: tarfile.TarInfo, content: BinaryIO) -> None:
    descriptor = os.open(outside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        left = member.size
        while left > 0:
            data = content.read(min(CHUNK, left))
            if not data:
                raise InvalidArchive(f"cannot unpack {member.name!r}: the archive ends within it")
            os.write(descriptor, data) if len(data) < CHUNK else _write_all(descriptor, data)
            left -= len(data)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _remove_tree(outside: str) -> None:
    import shutil

    shutil.rmtree(outside)
