"""Which layer a kept path goes into: ordered by how rarely it changes, so that an update moves only the last one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from jettison.attribution import inside_packages
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.plan.runtimes import is_runtime

#: The names of the layers, lowest first.
LAYERS = ("system", "runtime", "dependencies", "application")

#: Command-line tools that come with a runtime, although they are packages.
_TOOLS = re.compile(r"^/usr/(local/)?lib/node_modules/|/(site|dist)-packages/(pip|setuptools|wheel)[/-]")


def layer_of(path: str, evidence: Iterable[Evidence]) -> str:
    """The layer of one path, by where it lies and by whether it is the application's own."""
    if any(reason.kind == "application" for reason in evidence):
        return "application"
    if inside_packages(path) and not _TOOLS.search(path):
        return "dependencies"
    return "runtime" if is_runtime(path) else "system"


def layering(tree: FileTree, keep: Mapping[str, tuple[Evidence, ...]]) -> dict[str, tuple[str, ...]]:
    """Layer name -> its paths, sorted, lowest layer first; layers without any path are left out.

    Every layer carries the directories that lead to its paths: an unpacked layer that lacks one would get it with
    a mode of the unpacker's choice. The names of one hard-linked file are in one layer, the lowest of theirs.
    """
    chosen: dict[str, set[str]] = defaultdict(set)
    inodes: dict[tuple[int, int], list[str]] = defaultdict(list)
    for path, evidence in keep.items():
        inode = tree[path].inode
        if inode is not None:
            inodes[inode].append(path)
        else:
            chosen[layer_of(path, evidence)].add(path)
    for names in inodes.values():
        lowest = min((layer_of(name, keep[name]) for name in names), key=LAYERS.index)
        chosen[lowest].update(names)
    chosen = _without_bare_directories(tree, chosen)
    return {name: tuple(sorted(_with_parents(tree, chosen[name]))) for name in LAYERS if chosen[name]}


def _without_bare_directories(tree: FileTree, chosen: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Move what would be a layer of nothing but directories into the lowest layer."""
    result = {name: set(chosen.get(name, ())) for name in LAYERS}
    for name in LAYERS[1:]:
        if all(tree[path].kind is Kind.DIRECTORY for path in result[name]):
            result[LAYERS[0]] |= result[name]
            result[name] = set()
    return result


def _with_parents(tree: FileTree, paths: Iterable[str]) -> set[str]:
    found = {"/"}
    for path in paths:
        while path not in found:
            found.add(path)
            path = tree[path].parent
    return found - {"/"}  # the root itself is in no archive
