"""Trees and images from one-line notation, for tests."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jettison.filetree import FileEntry, FileTree, Kind

_LINE = re.compile(
    r"(?P<kind>file|dir|char|block|fifo)(?: (?P<mode>[0-7]{4}))?(?: (?P<uid>\d+):(?P<gid>\d+))?(?: (?P<size>\d+))?"
)


def entry(path: str, notation: str | bytes) -> FileEntry:
    """``file 0755 0:0 12``, ``dir 0755``, ``link -> dash``; ``bytes`` is a file with that content."""
    if isinstance(notation, bytes):
        return FileEntry(path, Kind.FILE, size=len(notation))
    if notation.startswith("link -> "):
        return FileEntry(path, Kind.SYMLINK, mode=0o777, target=notation.removeprefix("link -> "))
    found = _LINE.fullmatch(notation)
    assert found, notation
    kind = Kind(found["kind"])
    default = "0755" if kind is Kind.DIRECTORY else "0644"
    return FileEntry(
        path,
        kind,
        mode=int(found["mode"] or default, 8),
        uid=int(found["uid"] or 0),
        gid=int(found["gid"] or 0),
        size=int(found["size"] or 0),
    )


def tree(paths: Mapping[str, str | bytes]) -> FileTree:
    """A tree in memory; parents are made as ``dir 0755 0:0``. A ``bytes`` value is a file's content.

    ``(content, mode)`` is not needed often: write ``b"#!"`` and test modes with the notation.
    """
    entries = {"/": entry("/", "dir 0755")}
    for path, notation in paths.items():
        parts = path.split("/")[1:-1]
        for depth in range(len(parts)):
            parent = "/" + "/".join(parts[: depth + 1])
            entries.setdefault(parent, entry(parent, "dir 0755"))
        entries[path] = entry(path, notation)
    contents = {path: value for path, value in paths.items() if isinstance(value, bytes)}
    return FileTree(entries, contents)
