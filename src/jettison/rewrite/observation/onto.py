"""Onto a base image: only what it lacks, or has otherwise, is copied."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jettison.attribution import owners_of
from jettison.errors import Unsupported
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages import Package, catalog


def lacking(tree: FileTree, kept: Collection[str], base: FileTree, reference: str) -> frozenset[str]:
    """The paths of ``kept`` that must be copied onto ``base``, with the directories that lead to them.

    Raises ``Unsupported`` where one has a directory and the other has none: then no copying gives both.
    """
    for path in sorted(kept):
        other = base.get(path)
        if other is not None and (tree[path].kind is Kind.DIRECTORY) != (other.kind is Kind.DIRECTORY):
            raise Unsupported(
                f"cannot copy onto {reference}: {path} is a {other.kind} there, and a {tree[path].kind} in the original"
            )
    return frozenset(tree.subset(path for path in kept if not _is_there(tree, tree[path], base)))


def _is_there(tree: FileTree, entry: FileEntry, base: FileTree) -> bool:
    """Whether ``base`` has the same at the same place; times and other names do not count."""
    other = base.get(entry.path)
    if other is None or _traits(other) != _traits(entry):
        return False
    return entry.kind is not Kind.FILE or entry.origin == other.origin != "" or tree.read(entry) == base.read(other)


def _traits(entry: FileEntry) -> tuple[object, ...]:
    mode = 0 if entry.kind is Kind.SYMLINK else entry.mode
    return entry.kind, mode, entry.uid, entry.gid, entry.size, entry.target, entry.device, dict(entry.xattrs)


def unrecorded(packages: Iterable[Package], base: FileTree, copied: Iterable[str]) -> tuple[str, ...]:
    """The distribution packages of which files are copied, and of which the base's records say nothing."""
    known = {(package.type, package.name) for package in catalog(base)}
    owners = owners_of(packages)
    found = [owners[path] for path in copied if path in owners and path not in base]
    return tuple(sorted({p.name for p in found if p.is_distribution and (p.type, p.name) not in known}))
