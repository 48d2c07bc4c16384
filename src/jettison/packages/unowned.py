"""Programs and scripts that no package has: nobody can tell what is in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.model import Package

_SOURCES = (".js", ".mjs", ".cjs", ".py", ".pyc", ".rb", ".pl", ".pm", ".php", ".sh", ".lua", ".tcl")
_ARCHIVES = (".jar", ".war", ".ear", ".class", ".dll", ".exe", ".wasm")
_READ = 4


@dataclass(frozen=True, slots=True)
class Unowned:
    """A file of ``kind`` ``elf``, ``script`` or ``archive`` that no package has."""

    path: str
    kind: str
    bytes: int


def unowned(tree: FileTree, packages: Iterable[Package]) -> tuple[Unowned, ...]:
    """Every program and script that is no package's, sorted by path; a hard-linked file once."""
    owned = {path for package in packages for path in package.files}
    found, seen = [], set()
    for path in sorted(set(tree) - owned):
        entry = tree[path]
        if entry.kind is not Kind.FILE or not entry.size or entry.inode in seen:
            continue
        kind = _kind(tree, entry)
        if kind:
            found.append(Unowned(path, kind, entry.size))
            seen |= {entry.inode} - {None}
    return tuple(found)


def _kind(tree: FileTree, entry: FileEntry) -> str:
    extension = os.path.splitext(entry.path)[1]
    if extension in _ARCHIVES:
        return "archive"
    start = tree.read(entry, _READ)
    if start == b"\x7fELF":
        return "elf"
    return "script" if start.startswith(b"#!") or extension in _SOURCES else ""
