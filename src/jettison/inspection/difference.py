"""What two images differ in: by package, by path with mode, owner and content, and in the configuration."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.inspection.model import ConfigChange, Difference, PackageChange, PathChange
from jettison.oci.config import ContainerConfig
from jettison.oci.image import Image
from jettison.packages.model import Package
from jettison.redaction import hidden

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two images."""

    name: str
    image: Image
    tree: FileTree
    packages: tuple[Package, ...]


def difference(before: Side, after: Side) -> Difference:
    """Everything that differs; times of modification do not count."""
    return Difference(
        before.name,
        after.name,
        before.tree.disk_bytes,
        after.tree.disk_bytes,
        tuple(_packages(before, after)),
        tuple(_paths(before.tree, after.tree)),
        tuple(_config(before.image, after.image)),
    )


def _packages(before: Side, after: Side) -> Iterator[PackageChange]:
    old, new = _versions(before), _versions(after)
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key, ("", 0)), new.get(key, ("", 0))
        if was[0] != now[0]:
            yield PackageChange(*key, was[0], now[0], now[1] - was[1])


def _versions(side: Side) -> Mapping[tuple[str, str], tuple[str, int]]:
    """(type, name) -> (its versions, bytes of its files)."""
    versions: dict[tuple[str, str], set[str]] = defaultdict(set)
    files: dict[tuple[str, str], set[str]] = defaultdict(set)
    for package in side.packages:
        versions[package.type, package.name].add(package.version)
        files[package.type, package.name] |= package.files
    tree = side.tree
    return {
        key: (", ".join(sorted(found)), sum(tree[path].size for path in files[key] if path in tree))
        for key, found in versions.items()
    }


def _paths(before: FileTree, after: FileTree) -> Iterator[PathChange]:
    linked, linked_now = _links(before), _links(after)
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            yield PathChange(path, _line(old), _line(new), _size(new) - _size(old))
            continue
        what = tuple(_differs(before, old, after, new))
        if old.kind is new.kind is Kind.FILE and linked.get(path) != linked_now.get(path):
            what = (*what, "hard link")
        if what:
            yield PathChange(path, _line(old), _line(new), _size(new) - _size(old), what)


def _links(tree: FileTree) -> dict[str, str]:
    """Path -> the first path of the same file, for those that are not that first one."""
    first: dict[tuple[int, int], str] = {}
    found: dict[str, str] = {}
    for path in sorted(tree):
        inode = tree[path].inode
        if inode is not None and first.setdefault(inode, path) != path:
            found[path] = first[inode]
    return found


def _line(entry: FileEntry | None) -> str:
    return str(entry) if entry is not None else ""


def _size(entry: FileEntry | None) -> int:
    return entry.size if entry is not None else 0


def _differs(before: FileTree, old: FileEntry, after: FileTree, new: FileEntry) -> Iterator[str]:
    if old.kind is not new.kind:
        yield "kind"
        return
    if old.kind is not Kind.SYMLINK and old.mode != new.mode:
        yield "mode"
    if (old.uid, old.gid) != (new.uid, new.gid):
        yield "owner"
    if old.target != new.target:
        yield "target"
    if old.device != new.device:
        yield "device"
    if old.xattrs != new.xattrs:
        yield "extended attributes"
    if old.kind is Kind.FILE and not _equal(before, old, after, new):
        yield "content"


def _equal(before: FileTree, old: FileEntry, after: FileTree, new: FileEntry) -> bool:
    if old.size != new.size:
        return False
    if old.origin and old.origin == new.origin:
        return True  # a layer that both have
    return _digest(before, old) == _digest(after, new)


def _digest(tree: FileTree, entry: FileEntry) -> bytes:
    if not entry.origin:
        return hashlib.sha256(tree.read(entry)).digest()
    hashed = hashlib.sha256()
    with open(tree.open_path(entry), "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.digest()


def _config(before: Image, after: Image) -> Iterable[ConfigChange]:
    old, new = dict(_everything(before)), dict(_everything(after))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield ConfigChange(key, _shown(key, old.get(key, "")), _shown(key, new.get(key, "")))


def _shown(key: str, value: str) -> str:
    """A value without the secrets in it; its name says whether it is one."""
    name = key.rpartition(" ")[2]
    return hidden(f"ENV {name}={value}").removeprefix(f"ENV {name}=")


def _everything(image: Image) -> Iterator[tuple[str, str]]:
    """How a container runs, and on what."""
    yield "Platform", str(image.config.platform)
    yield from _settings(image.config.container)


def _settings(container: ContainerConfig) -> Iterator[tuple[str, str]]:
    """Every key, those of maps one by one: ``Env PATH``, ``Labels version``."""
    for key, value in container.to_json().items():
        if key == "Env":
            yield from ((f"Env {name}", content) for name, content in container.environment.items())
        elif isinstance(value, dict) and key in ("Labels", "ExposedPorts", "Volumes"):
            yield from ((f"{key} {name}", _text(content)) for name, content in value.items())
        else:
            yield key, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):  # as JSON: ["sh", "-c", "x"] is not ["sh -c x"]
        return json.dumps(value, ensure_ascii=False)
    return "" if value in ({}, None) else str(value)
