"""Whether two file trees are the same: kind, mode, owner, links and content of every path."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping

from jettison.filetree import FileEntry, FileTree, Kind

_CHUNK = 1 << 20
#: What ``different`` names at most.
_SHOWN = 3
_CAPABILITY = "security.capability"


def fingerprint(tree: FileTree) -> Mapping[str, str]:
    """Path -> everything that counts, as one line. Times do not count: tools differ in how exactly they keep them."""
    first: dict[tuple[int, int], str] = {}
    for path in sorted(tree):
        inode = tree[path].inode
        if inode is not None:
            first.setdefault(inode, path)
    known: dict[tuple[int, int], str] = {}
    return {path: _line(tree, tree[path], first, known) for path in tree}


def _line(
    tree: FileTree, entry: FileEntry, first: Mapping[tuple[int, int], str], known: dict[tuple[int, int], str]
) -> str:
    owner = f"{entry.kind} {entry.uid}:{entry.gid}"
    if entry.kind is Kind.SYMLINK:
        return f"{owner} -> {entry.target}"
    capability = entry.xattrs.get(_CAPABILITY, b"").hex()
    line = f"{owner} {entry.mode:04o} {entry.device} {capability}"
    if entry.kind is not Kind.FILE:
        return line
    if entry.inode is None:
        return f"{line} {entry.size} {_content(tree, entry)}"
    if entry.inode not in known:
        known[entry.inode] = _content(tree, entry)
    return f"{line} {entry.size} {known[entry.inode]} ={first[entry.inode]}"


def _content(tree: FileTree, entry: FileEntry) -> str:
    hasher = hashlib.sha256()
    if not entry.origin:
        return hashlib.sha256(tree.read(entry)).hexdigest()
    descriptor = os.open(tree.open_path(entry), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return ""
        while data := file.read(_CHUNK):
            hasher.update(data)
    return hasher.hexdigest()


def different(one: Mapping[str, str], other: Mapping[str, str]) -> str:
    """The first paths that differ and their number; empty where the trees are the same. The root's own entry,
    which most archives do not bring, does not count."""
    paths = sorted(path for path in one.keys() | other.keys() if path != "/" and one.get(path) != other.get(path))
    if not paths:
        return ""
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"
