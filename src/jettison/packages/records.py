"""Reading package records, which are hostile input: what is no regular file or too big is as good as empty."""

from __future__ import annotations

import re

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
