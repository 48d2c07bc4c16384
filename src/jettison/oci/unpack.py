"""Unpack a layer archive into a directory, in overlayfs form.

The directory starts empty and is ours alone, so what a path leads through is known without asking the file system:
every symlink that the archive made is remembered, and followed inside the root as a container would.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from jettison.errors import InvalidArchive, OutOfSpace
from jettison.filetree import LINK_LIMIT, OPAQUE, Kind
from jettison.oci import tar
from jettison.oci.removal import remove_tree
from jettison.oci.tar import Content, Member

#: xattrs that would change how overlayfs reads the snapshot, or that belong to the machine.
_REFUSED_XATTRS = ("trusted.overlay.", "user.overlay.", "security.selinux")
#: Docker's storage of old (AUFS) kept its own books in names like this, in the root.
_AUFS = "/.wh..wh."
_NODES = {Kind.CHARACTER: stat.S_IFCHR, Kind.BLOCK: stat.S_IFBLK, Kind.FIFO: stat.S_IFIFO}
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def unpack(stream: tar.Stream, directory: str | Path) -> None:
    """Unpack the tar ``stream`` into the empty ``directory``, owners, modes, times and xattrs included.

    Whiteouts become character devices 0:0 and opaque markers the xattr ``trusted.overlay.opaque``. Names with
    ``..`` or a leading ``/`` stay inside. Needs root. Raises ``InvalidArchive`` and ``OutOfSpace``.
    """
    unpacking = _Unpacking(os.fspath(directory))
    for member, content in tar.read(stream):
        try:
            unpacking.member(member, content)
        except OSError as error:
            raise _explained(error, member.name) from error
        except (OverflowError, ValueError) as error:  # numbers that the kernel has no room for, NUL bytes
            raise InvalidArchive(f"cannot unpack {member.name[:200]!r}: {error}") from error
    unpacking.finish()


def _explained(error: OSError, name: str) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutOfSpace(f"cannot unpack {name[:200]!r}: the disk is full")
    return InvalidArchive(f"cannot unpack {name[:200]!r}: {error.strerror}")


class _Unpacking:
    """What was made so far; paths here are inside the root, ``""`` is the root itself."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.links: dict[str, str] = {}
        self.directories: dict[str, int | None] = {"": None}
        self.hidden: set[str] = set()
        self.latest = ("", "")

    def finish(self) -> None:
        """Times of directories come last, since what is made in them changes these."""
        for path, mtime in self.directories.items():
            if mtime is not None:
                os.utime(self.root + path, (mtime, mtime))

    def member(self, member: Member, content: Content | None) -> None:
        parent, name = self.place(member.name)
        path = f"{parent}/{name}" if name else parent
        if path.startswith(_AUFS) and path != f"/{tar.OPAQUE}":
            return
        self.parents(parent)
        if name.startswith(tar.WHITEOUT):
            self.whiteout(parent, name)
        elif member.kind is Kind.DIRECTORY:
            self.directory(path, member)
        elif path in ("", "/"):
            raise InvalidArchive(f"cannot unpack {member.name!r}: it takes the place of the root")
        elif member.kind is None:
            self.hard_link(path, member)
        else:
            self.leaf(path, member.kind, member, content)

    # -- where

    def place(self, name: str) -> tuple[str, str]:
        """The directory that ``name`` is in, symlinks followed inside the root, and its last component."""
        raw, _, last = name.rpartition("/")
        if last in ("", ".", ".."):
            raw, last = name, ""
        if raw != self.latest[0]:
            self.latest = (raw, self.resolve(raw))
        return self.latest[1], last

    def resolve(self, name: str) -> str:
        todo = [part for part in reversed(name.split("/")) if part and part != "."]
        here, followed = "", 0
        while todo:
            part = todo.pop()
            if part == "..":
                here = here.rpartition("/")[0]
                continue
            target = self.links.get(f"{here}/{part}")
            if target is None:
                here = f"{here}/{part}"
                continue
            followed += 1
            if followed > LINK_LIMIT:
                raise InvalidArchive(f"cannot unpack {name[:200]!r}: its symlinks form a loop")
            here = "" if target.startswith("/") else here
            todo.extend(part for part in reversed(target.split("/")) if part and part != ".")
        return here

    def parents(self, path: str) -> None:
        """Make the directories of ``path`` that the archive did not bring, as Docker does."""
        missing = []
        while path not in self.directories:
            missing.append(path)
            path = path.rpartition("/")[0]
        for each in reversed(missing):
            self.make(each, lambda place: os.mkdir(place, 0o755))
            self.directories[each] = None

    # -- what

    def make(self, path: str, create: Callable[[str], object]) -> None:
        """Create something at ``path``, in the place of what an earlier member put there."""
        try:
            create(self.root + path)
        except FileExistsError:
            self.remove(path)
            create(self.root + path)

    def remove(self, path: str) -> None:
        self.links.pop(path, None)
        if path not in self.directories:
            os.unlink(self.root + path)
            return
        for outside in remove_tree(self.root + path):
            gone = outside.removeprefix(self.root)
            self.links.pop(gone, None)
            self.directories.pop(gone, None)
        self.latest = ("", "")

    def directory(self, path: str, member: Member) -> None:
        if path not in self.directories:
            self.make(path, lambda place: os.mkdir(place, 0o700))
            if path in self.hidden:  # a new directory, not one merged with that of the layers below
                _make_opaque(self.root + path)
        _attributes(self.root + path, member)
        self.directories[path] = member.mtime

    def leaf(self, path: str, kind: Kind, member: Member, content: Content | None) -> None:
        outside = self.root + path
        if content is not None:
            self.make(path, lambda place: _write(place, member, content))
            return
        if kind is Kind.SYMLINK:
            self.make(path, lambda place: os.symlink(member.target, place))
            self.links[path] = member.target
            self.latest = ("", "")
        else:
            mode = _NODES[kind] | 0o600
            self.make(path, lambda place: os.mknod(place, mode, os.makedev(*member.device)))
        _attributes(outside, member)
        os.utime(outside, (member.mtime, member.mtime), follow_symlinks=False)

    def hard_link(self, path: str, member: Member) -> None:
        parent, name = self.place(member.target)
        target = f"{parent}/{name}"
        if not name or parent not in self.directories or target in self.directories:
            raise InvalidArchive(f"cannot unpack {member.name[:200]!r}: no file {member.target[:200]!r} to link to")
        if target == path and os.path.lexists(self.root + path):
            return
        self.make(path, lambda place: os.link(self.root + target, place, follow_symlinks=False))
        if target in self.links:
            self.links[path] = self.links[target]
            self.latest = ("", "")

    def whiteout(self, parent: str, name: str) -> None:
        hidden = name.removeprefix(tar.WHITEOUT)
        path = f"{parent}/{hidden}"
        if name == tar.OPAQUE:
            _make_opaque(self.root + parent)
        elif hidden in ("", ".", ".."):
            raise InvalidArchive(f"cannot unpack {name!r}: a whiteout of nothing")
        elif path in self.directories:  # hidden are the layers below, not what this one brings
            _make_opaque(self.root + path)
        else:
            self.hidden.add(path)
            if not os.path.lexists(self.root + path):
                os.mknod(self.root + path, stat.S_IFCHR, 0)


def _make_opaque(outside: str) -> None:
    os.setxattr(outside, OPAQUE, b"y")


def _write(outside: str, member: Member, content: Content) -> None:
    descriptor = os.open(outside, _NEW_FILE, 0o600)
    try:
        for offset, piece in content.pieces():
            while len(piece) > (written := os.pwrite(descriptor, piece, offset)):
                piece, offset = piece[written:], offset + written
        if content.is_sparse:
            os.ftruncate(descriptor, member.size)
        _attributes(descriptor, member)
        os.utime(descriptor, (member.mtime, member.mtime))
    finally:
        os.close(descriptor)


def _attributes(outside: str | int, member: Member) -> None:
    """Owner, then mode and capabilities, which a change of owner takes away."""
    os.chown(outside, member.uid, member.gid, follow_symlinks=isinstance(outside, int))
    if member.kind is not Kind.SYMLINK:
        os.chmod(outside, member.mode)
    for name, value in member.xattrs.items():
        if not name.startswith(_REFUSED_XATTRS):
            _set_xattr(outside, name, value)


def _set_xattr(outside: str | int, name: str, value: bytes) -> None:
    try:
        os.setxattr(outside, name, value, follow_symlinks=isinstance(outside, int))
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM):  # as Docker: a file system without them goes without
            raise
