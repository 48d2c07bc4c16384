"""What an image's root file system holds: every path, once, as the container sees it.

A tree is indexed from *snapshots*: unpacked layers in overlayfs form, where a character device 0:0 is a whiteout
and the xattr ``trusted.overlay.opaque`` hides a directory's lower content (kernel, Documentation/filesystems/
overlayfs.rst). Paths are absolute, start with ``/``, have no trailing slash, and are ``str`` with
``surrogateescape`` for bytes that are not UTF-8.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from jettison.errors import NotFound

OPAQUE = "trusted.overlay.opaque"
#: Symlinks followed before a path counts as a loop (as the kernel's MAXSYMLINKS).
LINK_LIMIT = 40


class Kind(StrEnum):
    """What a path is."""

    FILE = "file"
    DIRECTORY = "dir"
    SYMLINK = "link"
    CHARACTER = "char"
    BLOCK = "block"
    FIFO = "fifo"


_KINDS = {
    stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.DIRECTORY, stat.S_IFLNK: Kind.SYMLINK,
    stat.S_IFCHR: Kind.CHARACTER, stat.S_IFBLK: Kind.BLOCK, stat.S_IFIFO: Kind.FIFO,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One path. ``mode`` has the permission bits only (07777), ``size`` is in bytes, ``mtime`` in whole seconds.

    ``target`` is a symlink's text; ``device`` a device's (major, minor); ``inode`` is equal for the names of one
    hard-linked file and ``None`` where there is only one name; ``layer`` is the index of the layer that brought
    it; ``origin`` is the file on this machine that holds the content (``""`` for trees made in memory).
    """

    path: str
    kind: Kind
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    size: int = 0
    mtime: int = 0
    target: str = ""
    device: tuple[int, int] = (0, 0)
    xattrs: Mapping[str, bytes] = field(default_factory=dict)
    inode: tuple[int, int] | None = None
    layer: int = 0
    origin: str = ""

    @property
    def name(self) -> str:
        """The last component."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The directory that it is in; ``/`` for the root itself."""
        return self.path.rpartition("/")[0] or "/"

    @property
    def is_executable(self) -> bool:
        """A regular file with any execute bit."""
        return self.kind is Kind.FILE and bool(self.mode & 0o111)

    def __str__(self) -> str:
        """The one-line notation: ``file 0644 0:0 12``, ``link -> dash``, ``dir 0755 0:0``."""
        if self.kind is Kind.SYMLINK:
            return f"link -> {self.target}"
        head = f"{self.kind} {self.mode:04o} {self.uid}:{self.gid}"
        return f"{head} {self.size}" if self.kind is Kind.FILE else head


class FileTree(Mapping[str, FileEntry]):
    """Every path of a root file system. Immutable: verbs give a new tree."""

    def __init__(self, entries: Mapping[str, FileEntry], contents: Mapping[str, bytes] | None = None) -> None:
        self._entries = entries
        self._contents = contents or {}

    def __getitem__(self, path: str) -> FileEntry:
        return self._entries[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, path: object) -> bool:
        return path in self._entries

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path, entry in self._entries.items():
            if path != "/":
                found.setdefault(entry.parent, []).append(path)
        return {parent: tuple(sorted(paths)) for parent, paths in found.items()}

    def children(self, path: str) -> tuple[str, ...]:
        """The full paths in a directory, sorted; empty for what is no directory."""
        return self._names.get(path, ())

    def below(self, path: str) -> Iterator[str]:
        """``path`` itself and everything below it, a directory before its content; symlinks are not followed."""
        waiting = [path] if path in self._entries else []
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(self.children(here)))

    def walk(self, path: str, *, follow_last: bool = True) -> tuple[str | None, tuple[str, ...]]:
        """Follow ``path`` as the kernel would inside this root.

        Gives where it ends (``None`` if nothing is there or it loops) and every symlink on the way, each by the
        path at which the link itself is.
        """
        links: list[str] = []
        todo = [part for part in reversed(path.split("/")) if part and part != "."]
        here = "/"
        while todo:
            part = todo.pop()
            if part == "..":
                here = here.rpartition("/")[0] or "/"
                continue
            here = f"{'' if here == '/' else here}/{part}"
            entry = self._entries.get(here)
            if entry is None:
                return None, tuple(links)
            if entry.kind is Kind.SYMLINK and (todo or follow_last):
                links.append(here)
                if len(links) > LINK_LIMIT:
                    return None, tuple(links)
                here = "/" if entry.target.startswith("/") else entry.parent
                todo.extend(part for part in reversed(entry.target.split("/")) if part and part != ".")
        return (here if here == "/" or here in self._entries else None), tuple(links)

    def resolve(self, path: str) -> FileEntry | None:
        """The entry that opening ``path`` reaches, symlinks followed; ``None`` if nothing is there."""
        end, _ = self.walk(path)
        return self._entries.get(end) if end else None

    def open_path(self, entry: FileEntry) -> str:
        """The file on this machine that holds the content of a regular file."""
        if not entry.origin:
            raise NotFound(f"cannot open {entry.path}: this tree is in memory")
        return entry.origin

    def read(self, entry: FileEntry, limit: int | None = None) -> bytes:
        """The content of a regular file, at most ``limit`` bytes of it."""
        if not entry.origin:
            return self._contents.get(entry.path, b"")[:limit]
        descriptor = os.open(entry.origin, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return file.read() if limit is None else file.read(limit)

    def subset(self, paths: Iterable[str]) -> FileTree:
        """Only these paths (those that exist), with the directories that lead to them."""
        kept: set[str] = set()
        for path in paths:
            while path not in kept and path in self._entries:
                kept.add(path)
                path = self._entries[path].parent
        return FileTree({p: e for p, e in self._entries.items() if p in kept}, self._contents)

    @property
    def disk_bytes(self) -> int:
        """Bytes of all regular files, a hard-linked file counted once (apparent size, as ``du --apparent-size``)."""
        total, seen = 0, set()
        for entry in self._entries.values():
            if entry.kind is not Kind.FILE:
                continue
            if entry.inode is not None:
                if entry.inode in seen:
                    continue
                seen.add(entry.inode)
            total += entry.size
        return total


def index(snapshots: Sequence[Path | str]) -> FileTree:
    """The tree that an overlay mount of ``snapshots`` (lowest first) would show, without mounting it."""
    overlay = _Overlay()
    for number, snapshot in enumerate(snapshots):
        overlay.lay(os.fspath(snapshot), number)
    overlay.entries.setdefault("/", FileEntry("/", Kind.DIRECTORY, mode=0o755))
    return FileTree(overlay.entries)


class _Overlay:
    """Unpacked layers, laid over each other."""

    def __init__(self) -> None:
        self.entries: dict[str, FileEntry] = {}
        self._children: dict[str, list[str]] | None = None

    def lay(self, snapshot: str, number: int) -> None:
        """Lay the next layer over what is there."""
        self._children = None
        self.entries["/"] = _without_overlay(_entry("/", snapshot, os.lstat(snapshot), number))
        waiting = [("", snapshot)]
        while waiting:
            inside, outside = waiting.pop()
            with os.scandir(outside) as found:
                for item in found:
                    path = f"{inside}/{item.name}"
                    if self._put(path, item, number):
                        waiting.append((path, item.path))

    def _put(self, path: str, item: os.DirEntry[str], number: int) -> bool:
        """Lay one path over what is there; whether it is a directory, to be gone into."""
        status = item.stat(follow_symlinks=False)
        form = stat.S_IFMT(status.st_mode)
        if form == stat.S_IFCHR and status.st_rdev == 0:
            self._remove(path)
            return False
        if form == stat.S_IFSOCK:
            return False  # tar has no sockets, so no layer brings one
        entry = _entry(path, item.path, status, number)
        old = self.entries.get(path)
        merged = old and old.kind is Kind.DIRECTORY and form == stat.S_IFDIR and OPAQUE not in entry.xattrs
        if old and not merged:
            self._remove(path)
        self.entries[path] = _without_overlay(entry) if entry.xattrs else entry
        return form == stat.S_IFDIR

    def _remove(self, path: str) -> None:
        """Take out a path and all below it. What is below is found out once for each layer, if at all."""
        gone = self.entries.pop(path, None)
        if gone is None or gone.kind is not Kind.DIRECTORY:
            return
        if self._children is None:
            self._children = {}
            for known, entry in self.entries.items():
                self._children.setdefault(entry.parent, []).append(known)
        waiting = [path]
        while waiting:
            for child in self._children.pop(waiting.pop(), ()):
                self.entries.pop(child, None)
                waiting.append(child)


def _without_overlay(entry: FileEntry) -> FileEntry:
    kept = {name: value for name, value in entry.xattrs.items() if not name.startswith("trusted.overlay.")}
    return entry if len(kept) == len(entry.xattrs) else replace(entry, xattrs=kept)


_NO_XATTRS: Mapping[str, bytes] = {}


def _entry(path: str, outside: str, status: os.stat_result, number: int) -> FileEntry:
    kind = _KINDS[stat.S_IFMT(status.st_mode)]
    names = os.listxattr(outside, follow_symlinks=False)
    many = kind is not Kind.DIRECTORY and status.st_nlink > 1
    return FileEntry(
        path,
        kind,
        stat.S_IMODE(status.st_mode),
        status.st_uid,
        status.st_gid,
        status.st_size if kind is Kind.FILE else 0,
        int(status.st_mtime_ns // 1_000_000_000),
        os.readlink(outside) if kind is Kind.SYMLINK else "",
        (os.major(status.st_rdev), os.minor(status.st_rdev)) if kind in (Kind.CHARACTER, Kind.BLOCK) else (0, 0),
        {name: os.getxattr(outside, name, follow_symlinks=False) for name in names} if names else _NO_XATTRS,
        (number, status.st_ino) if many else None,
        number,
        outside,
    )
