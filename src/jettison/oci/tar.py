"""Layer archives: tar as the OCI image-spec's layer.md has it, read and written as streams.

Headers are those of the standard library's ``tarfile`` (ustar, PAX and GNU, sparse files included); what is ours is
what a layer adds: xattrs in ``SCHILY.xattr.`` records, and an order, owners and times that make the same tree the
same bytes.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from jettison.errors import InvalidArchive
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.codec import CHUNK, Sink

XATTR = "SCHILY.xattr."
WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
_TYPES = {
    Kind.FILE: tarfile.REGTYPE, Kind.DIRECTORY: tarfile.DIRTYPE, Kind.SYMLINK: tarfile.SYMTYPE,
    Kind.CHARACTER: tarfile.CHRTYPE, Kind.BLOCK: tarfile.BLKTYPE, Kind.FIFO: tarfile.FIFOTYPE,
}  # fmt: skip


def read(stream: BinaryIO) -> Iterator[tuple[tarfile.TarInfo, BinaryIO | None]]:
    """Each member with its content (regular files only), in order; a content is valid until the next member.

    Raises ``InvalidArchive`` for what is no tar, and for a truncated one.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK, errorlevel=2) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile would remember each one
                content = archive.extractfile(member) if member.isreg() else None
                yield member, content  # type: ignore[misc]
    except tarfile.ReadError as error:
        raise InvalidArchive(f"cannot read tar: {error}") from error
    except (tarfile.TarError, EOFError, ValueError, OverflowError, IndexError) as error:
        raise InvalidArchive(f"cannot read tar: {error}") from error


def xattrs(member: tarfile.TarInfo) -> dict[str, bytes]:
    """A member's extended attributes."""
    found = member.pax_headers
    return {
        name.removeprefix(XATTR): value.encode("utf-8", "surrogateescape")
        for name, value in found.items()
        if name.startswith(XATTR)
    } if found else {}  # fmt: skip


def write_layer(
    sink: Sink, tree: FileTree, paths: Iterable[str], whiteouts: Iterable[str] = (), epoch: int | None = None
) -> None:
    """Write ``paths`` of ``tree`` in sorted order, then ``whiteouts``: paths that the layer deletes.

    Owners are numeric, times whole seconds (at most ``epoch`` where given), a hard-linked file is written at its
    first name and linked from the others. Names are relative, as Docker writes them.
    """
    first: dict[tuple[int, int], str] = {}
    for path in sorted(set(paths), key=_order):
        if path == "/":
            continue
        entry = tree[path]
        member = _member(entry, epoch)
        if entry.inode is not None and entry.inode in first:
            member.type, member.linkname, member.size = tarfile.LNKTYPE, first[entry.inode][1:], 0
            member.pax_headers = {}
            sink.write(_header(member))
            continue
        if entry.inode is not None:
            first[entry.inode] = path
        sink.write(_header(member))
        if entry.kind is Kind.FILE:
            _content(sink, tree, entry)
    for path in sorted(set(whiteouts), key=_order):
        parent, _, name = path.rpartition("/")
        sink.write(_header(_plain(f"{parent}/{WHITEOUT}{name}"[1:])))
    sink.write(bytes(2 * tarfile.BLOCKSIZE))


def _order(path: str) -> list[str]:
    return path.split("/")  # a directory before its content, whatever sorts below "/"


def _plain(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mtime = 0
    return member


def _member(entry: FileEntry, epoch: int | None) -> tarfile.TarInfo:
    member = tarfile.TarInfo(entry.path[1:])
    member.type = _TYPES[entry.kind]
    member.mode, member.uid, member.gid = entry.mode, entry.uid, entry.gid
    member.mtime = entry.mtime if epoch is None else min(entry.mtime, epoch)
    member.size = entry.size if entry.kind is Kind.FILE else 0
    member.linkname = entry.target
    member.devmajor, member.devminor = entry.device
    if entry.xattrs:
        member.pax_headers = {
            XATTR + name: value.decode("utf-8", "surrogateescape") for name, value in sorted(entry.xattrs.items())
        }
    return member


def _header(member: tarfile.TarInfo) -> bytes:
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _content(sink: Sink, tree: FileTree, entry: FileEntry) -> None:
    """The file's bytes, padded to a block; a file that changed its size meanwhile would break the archive."""
    left = entry.size
    with _open(tree, entry) as file:
        while left and (data := file.read(min(CHUNK, left))):
            sink.write(data)
            left -= len(data)
    if left:
        raise InvalidArchive(f"cannot write {entry.path}: the file became shorter while it was read")
    sink.write(bytes(-entry.size % tarfile.BLOCKSIZE))


def _open(tree: FileTree, entry: FileEntry) -> BinaryIO:
    if not entry.origin:
        return io.BytesIO(tree.read(entry))
    return os.fdopen(os.open(entry.origin, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0)
