"""A root file system that packages are laid into: entries and small contents in memory, others in scratch files.

Nothing is owned, no mode is set and no link is made on this machine, so this needs no root and no path can leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from jettison.errors import InvalidArchive, InvalidInput, OutOfSpace, Unsupported
from jettison.filetree import LINK_LIMIT, FileEntry, FileTree, Kind
from jettison.oci.tar import Content, Member

#: Owner of what no package brought.
MADE = ""
#: Bytes of a content that is kept in memory, and of all of them: making and removing thousands of files takes longer
#: than all the rest where the disk is busy.
_SMALL, _HELD = 64 << 10, 64 << 20


class Root:
    """What is there so far. Paths are as in ``FileTree``; ``owners`` says which package brought a path."""

    def __init__(self, scratch: Path, epoch: int) -> None:
        """``epoch`` (seconds) is the time of what is made here."""
        self.entries: dict[str, FileEntry] = {"/": FileEntry("/", Kind.DIRECTORY, 0o755)}
        self.owners: dict[str, str] = {}
        self._contents: dict[str, bytes] = {}
        self._held = 0
        #: Directories that only lead to something.
        self.implied: set[str] = set()
        self._scratch = scratch
        self._epoch = epoch
        self._count = 0

    @property
    def tree(self) -> FileTree:
        """As a tree, which goes on to show what is laid later in look-ups by path, but not in listings."""
        return FileTree(self.entries, self._contents)

    # -- what is made

    def directory(self, path: str, mode: int = 0o755, uid: int = 0, gid: int = 0) -> None:
        """Make a directory, or give one that is there this mode and owner."""
        parent, name = self._place(path)
        self._put(FileEntry(f"{parent}/{name}", Kind.DIRECTORY, mode, uid, gid, mtime=self._epoch), MADE)

    def file(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Make a file in the place of what is there."""
        parent, name = self._place(path)
        entry = FileEntry(f"{parent}/{name}", Kind.FILE, mode, size=len(content), mtime=self._epoch)
        self._put(replace(entry, origin=self._keep(entry, [content])), MADE)

    def link(self, path: str, target: str) -> str:
        """Make a symlink in the place of what is there, if that is no directory; gives its real path."""
        parent, name = self._place(path)
        self._put(FileEntry(f"{parent}/{name}", Kind.SYMLINK, 0o777, mtime=self._epoch, target=target), MADE)
        return f"{parent}/{name}"

    # -- what packages bring

    def lay(self, package: str, member: Member, content: Content | None, replaces: frozenset[str]) -> None:
        """Lay one member of a package over what is there.

        Directories are shared, and one that is a symlink stays one, as dpkg has it. Another package's file is
        replaced where that package is in ``replaces``, and an ``InvalidInput`` elsewhere.
        """
        parent, name = self._place(member.name)
        path = f"{parent}/{name}"
        if not name:
            return
        if member.kind is Kind.DIRECTORY:
            self._lay_directory(package, path, member)
            return
        if member.kind not in (None, Kind.FILE, Kind.SYMLINK):
            raise Unsupported(f"cannot unpack {package}: {path} is a {member.kind}, which no package may bring")
        if self._agrees(path, member):
            return
        self._judge(package, path, replaces)
        if member.kind is None:
            self._hard_link(package, path, member)
            return
        mode = 0o777 if member.kind is Kind.SYMLINK else member.mode
        entry = FileEntry(path, member.kind, mode, member.uid, member.gid, member.size, member.mtime, member.target)
        origin = self._keep(entry, content) if content is not None else ""
        self._put(replace(entry, origin=origin), package)

    def _lay_directory(self, package: str, path: str, member: Member) -> None:
        old = self.entries.get(path)
        if old is not None and old.kind is Kind.FILE:
            raise InvalidInput(f"cannot unpack {package}: {path} is a directory there and a file here")
        if old is None or path in self.implied:
            entry = FileEntry(path, Kind.DIRECTORY, member.mode, member.uid, member.gid, mtime=member.mtime)
            self._put(entry, package)

    def _agrees(self, path: str, member: Member) -> bool:
        """Whether a symlink is there already, such as those of merged ``/usr``, which newer base-files bring too."""
        old = self.entries.get(path)
        links = old is not None and old.kind is Kind.SYMLINK and member.kind is Kind.SYMLINK
        return links and old is not None and old.target.strip("/") == member.target.strip("/")

    def _judge(self, package: str, path: str, replaces: frozenset[str]) -> None:
        """Raise where a package may not lay a file or a link at ``path``."""
        owner = self.owners.get(path, MADE)
        if path in self.entries and owner != package and owner not in replaces:
            raise InvalidInput(f"cannot unpack {package}: it brings {path}, and so does {owner or 'every base'}")

    def _hard_link(self, package: str, path: str, member: Member) -> None:
        parent, name = self._place(member.target)
        known = self.entries.get(f"{parent}/{name}")
        if known is None or known.kind is Kind.DIRECTORY or known.path == path:
            raise InvalidArchive(f"cannot unpack {package}: no file {member.target[:200]!r} to link to")
        if known.inode is None:
            self._count += 1
            known = self.entries[known.path] = replace(known, inode=(0, self._count))
        if known.path in self._contents:
            self._contents[path] = self._contents[known.path]
        self._put(replace(known, path=path), package)

    def _put(self, entry: FileEntry, owner: str) -> None:
        old = self.entries.get(entry.path)
        if old is not None and (old.kind is Kind.DIRECTORY) != (entry.kind is Kind.DIRECTORY):
            raise InvalidInput(f"cannot make {entry.path}: it is a directory once, and once it is none")
        self.entries[entry.path] = entry
        self.owners[entry.path] = owner
        self.implied.discard(entry.path)

    def _keep(self, entry: FileEntry, content: Iterable[bytes | memoryview]) -> str:
        """Keep the content of a file, in memory or in a file, which is then its origin."""
        if entry.size <= _SMALL and self._held + entry.size <= _HELD:
            self._held += entry.size
            self._contents[entry.path] = b"".join(content)
            return ""
        self._count += 1
        place = self._scratch / str(self._count)
        try:
            with open(place, "wb") as file:
                for piece in content:
                    file.write(piece)
        except OSError as error:
            raise OutOfSpace(f"cannot write {place}: {error.strerror}") from error
        return str(place)

    # -- where

    def _place(self, name: str) -> tuple[str, str]:
        """The directory that ``name`` is in, its symlinks followed, and the last component; both may be empty."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise InvalidArchive(f"cannot unpack {name[:200]!r}: it has a .. in it")
        return (self._reach(parts[:-1], name), parts[-1]) if parts else ("", "")

    def _reach(self, parts: list[str], name: str) -> str:
        """The real path of a directory; those that are missing are made."""
        here, followed = "", 0
        todo = parts[::-1]
        while todo:
            part = todo.pop()
            if part in ("", ".", ".."):
                here = here.rpartition("/")[0] if part == ".." else here
                continue
            entry = self.entries.get(f"{here}/{part}")
            if entry is None:
                entry = FileEntry(f"{here}/{part}", Kind.DIRECTORY, 0o755, mtime=self._epoch)
                self._put(entry, MADE)
                self.implied.add(entry.path)
            if entry.kind is Kind.SYMLINK:
                followed += 1
                here = "" if entry.target.startswith("/") else here
                todo.extend(reversed(entry.target.split("/")))
            elif entry.kind is Kind.DIRECTORY:
                here = entry.path
            if followed > LINK_LIMIT or entry.kind is Kind.FILE:
                raise InvalidArchive(f"cannot unpack {name[:200]!r}: {entry.path} is no directory")
        return here
