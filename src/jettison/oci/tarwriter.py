"""Layer archives, written: PAX as the OCI image-spec's layer.md has it, the same tree always the same bytes.

The headers are made here and not by ``tarfile``, so that no other Python gives the same image another digest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from jettison.errors import InvalidArchive, InvalidInput
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.codec import CHUNK, Sink
from jettison.oci.pax import record
from jettison.oci.tar import BLOCK, WHITEOUT, XATTR

_LINK = b"1"
_TYPES = {
    Kind.FILE: b"0", Kind.SYMLINK: b"2", Kind.CHARACTER: b"3", Kind.BLOCK: b"4", Kind.DIRECTORY: b"5", Kind.FIFO: b"6",
}  # fmt: skip
#: What fits into a header's fields of 8 and 12 bytes; larger numbers go into PAX records.
_SMALL, _LARGE = 0o7777777, 0o77777777777


def write_layer(
    sink: Sink, tree: FileTree, paths: Iterable[str], whiteouts: Iterable[str] = (), epoch: int | None = None
) -> None:
    """Write ``paths`` of ``tree`` in sorted order, then ``whiteouts``: paths that the layer deletes.

    Owners are numeric, times whole seconds (at most ``epoch`` where given), a hard-linked file is written at its
    first name and linked from the others. Names are relative, as Docker writes them; the root itself is left out.
    """
    first: dict[tuple[int, int], str] = {}
    for path in _ordered(paths):
        if path == "/":
            continue
        entry = tree[path]
        known = first.setdefault(entry.inode, path) if entry.inode else path
        if known != path:
            sink.write(_header(entry, epoch, _LINK, known[1:]))
            continue
        sink.write(_header(entry, epoch, _TYPES[entry.kind], entry.target))
        if entry.kind is Kind.FILE and entry.size:
            _content(sink, tree, entry)
    for path in _ordered(whiteouts):
        parent, _, name = path.rpartition("/")
        sink.write(_header(FileEntry(f"{parent}/{WHITEOUT}{name}", Kind.FILE), None, b"0", ""))
    sink.write(bytes(2 * BLOCK))


def file_header(name: str, size: int, mode: int = 0o444) -> bytes:
    """The header of a regular file of root's, of 1970."""
    return _header(FileEntry(f"/{name}", Kind.FILE, mode=mode, size=size), None, b"0", "")


def _ordered(paths: Iterable[str]) -> list[str]:
    """A directory before its content, whatever characters sort below ``/``."""
    return sorted(set(paths), key=lambda path: path.split("/"))


def _header(entry: FileEntry, epoch: int | None, kind: bytes, target: str) -> bytes:
    """The header of a member, after one with PAX records where the fields are too small for it."""
    name, link = _bytes(entry.path[1:]), _bytes(target)
    if entry.kind is Kind.DIRECTORY:
        name += b"/"
    size = entry.size if kind == b"0" else 0
    mtime = entry.mtime if epoch is None else min(entry.mtime, epoch)
    more = b"".join(_records(entry, name, link, size, mtime, kind))
    block = _block(name, entry.mode, entry.uid, entry.gid, size, mtime, kind, link, entry.device)
    if not more:
        return block
    return _block(b"PaxHeaders/" + name, 0o644, 0, 0, len(more), 0, b"x", b"", (0, 0)) + _padded(more) + block


def _records(entry: FileEntry, name: bytes, link: bytes, size: int, mtime: int, kind: bytes) -> Iterator[bytes]:
    for key, text in (("linkpath", link), ("path", name)):
        if len(text) > 100 or not text.isascii():
            yield record(key, text)
    for key, value, limit in (
        ("gid", entry.gid, _SMALL), ("mtime", mtime, _LARGE), ("size", size, _LARGE), ("uid", entry.uid, _SMALL)
    ):  # fmt: skip
        if not 0 <= value <= limit:
            yield record(key, str(value).encode())
    if kind != _LINK:
        for key, data in sorted(entry.xattrs.items()):
            yield record(XATTR + key, data)


def _block(
    name: bytes, mode: int, uid: int, gid: int, size: int, mtime: int, kind: bytes, link: bytes, device: tuple[int, int]
) -> bytes:
    """A ustar header. What does not fit is cut or 0, since a PAX record says it."""
    mtime = mtime if 0 <= mtime <= _LARGE else 0
    fields = b"%s%07o\0%07o\0%07o\0%011o\0%011o\0        %s%sustar\0%s%s%07o\0%07o\0" % (
        name[:100].ljust(100, b"\0"),
        mode,
        uid if uid <= _SMALL else 0,
        gid if gid <= _SMALL else 0,
        size if size <= _LARGE else 0,
        mtime,
        kind,
        link[:100].ljust(100, b"\0"),
        b"00",
        bytes(64),
        *device,
    )
    return (fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]).ljust(BLOCK, b"\0")


def _bytes(text: str) -> bytes:
    if "\0" in text:
        raise InvalidInput(f"cannot write {text!r}: a NUL byte in a name")
    return text.encode("utf-8", "surrogateescape")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def _content(sink: Sink, tree: FileTree, entry: FileEntry) -> None:
    """The file's bytes, padded to a block; a file that changed its size meanwhile would break the archive."""
    left = entry.size
    for data in _read(tree, entry):
        sink.write(data[:left] if len(data) > left else data)
        left -= min(len(data), left)
        if not left:
            break
    if left:
        raise InvalidArchive(f"cannot write {entry.path}: the file became shorter while it was read")
    sink.write(bytes(-entry.size % BLOCK))


def _read(tree: FileTree, entry: FileEntry) -> Iterator[bytes]:
    if not entry.origin:
        yield tree.read(entry)
        return
    descriptor = os.open(entry.origin, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        while data := os.read(descriptor, min(CHUNK, entry.size + 1)):
            yield data
    finally:
        os.close(descriptor)
