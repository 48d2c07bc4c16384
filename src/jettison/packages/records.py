"""Reading package records, which are hostile input: what is no regular file or too big is as good as empty."""

from __future__ import annotations

import re
from typing import TypeGuard

from jettison.filetree import FileTree, Kind

#: Bytes; dpkg's status of a full desktop has 4 MB.
LIMIT = 64 << 20
#: Of a package of which only these remain, nothing remains.
DOCUMENTATION = re.compile(r"^/usr/share/(?:doc|man|info|lintian|bug|locale|doc-base)/")


def is_record(tree: FileTree, path: str) -> bool:
    """Whether ``path`` is a regular file that may be read whole, or a link to one; not what a linked directory has."""
    entry = tree.resolve(path) if path in tree else None
    return entry is not None and entry.kind is Kind.FILE and entry.size <= LIMIT


def content(tree: FileTree, path: str) -> bytes:
    """What is in the record at ``path``; empty for what is none."""
    entry = tree.resolve(path)
    return tree.read(entry, LIMIT) if entry is not None and is_record(tree, path) else b""


def text(tree: FileTree, path: str) -> str:
    """The same as text, in which every byte can be had back by ``surrogateescape``."""
    return content(tree, path).decode("utf-8", "surrogateescape")


def trouble(tree: FileTree, path: str) -> str:
    """Why the record at ``path`` is none, as the end of a sentence; empty where it can be read, or nothing is there."""
    end, links = tree.walk(path)
    entry = tree.get(end) if end else None
    if entry is None:
        return "it is a link that leads nowhere" if links and path in tree else ""
    if entry.kind is not Kind.FILE:
        return "it is a directory" if entry.kind is Kind.DIRECTORY else "it is no regular file"
    if entry.size > LIMIT:
        return f"it is bigger than {LIMIT >> 20} MB"
    return "" if path in tree else "it is in a linked directory"


def is_plain(value: object) -> TypeGuard[str]:
    """Whether a record's name or version is one: text that can be shown, not empty, all of it characters."""
    return isinstance(value, str) and bool(value) and value.isprintable()
