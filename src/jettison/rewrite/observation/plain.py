"""COPY alone, where little is kept and COPY gives the same tree."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from jettison.filetree import FileTree, Kind
from jettison.rewrite.observation.cover import Rules, cover
from jettison.rewrite.observation.quoting import is_bare

#: More than this many paths are gathered by a shell instead.
_MOST = 8


def copies(tree: FileTree, kept: Collection[str], stage: str) -> list[str] | None:
    """The COPYs that take ``kept`` from ``stage``; ``None`` where COPY would not give just that.

    COPY follows symlinks that it is told to copy, makes parents as root's with mode 0755, and knows nothing of names
    of one file in two instructions.
    """
    partial = {entry.parent for path, entry in tree.items() if path not in kept}
    found = cover(tree, kept, Rules(split={"/", *partial}))
    if found.bare or not found.whole or len(found.whole) > _MOST:
        return None
    parents = {path for path in kept if path not in _below(tree, found.whole)}
    if any(not _is_usual(tree, path) for path in parents) or any(_is_odd(tree, path) for path in found.whole):
        return None
    return lines(found.whole, stage, frozenset(path for path in found.whole if tree[path].kind is Kind.DIRECTORY))


def _below(tree: FileTree, paths: Iterable[str]) -> set[str]:
    return {below for path in paths for below in tree.below(path)}


def _is_usual(tree: FileTree, path: str) -> bool:
    entry = tree[path]
    return (entry.mode, entry.uid, entry.gid, dict(entry.xattrs)) == (0o755, 0, 0, {})


def _is_odd(tree: FileTree, path: str) -> bool:
    """A path that COPY does not copy as it is."""
    entry = tree[path]
    if entry.kind is Kind.DIRECTORY:
        return not _is_usual(tree, path) or any(tree[below].inode is not None for below in tree.below(path))
    return entry.kind is not Kind.FILE or entry.inode is not None


def lines(paths: Sequence[str], stage: str, directories: Collection[str] = ()) -> list[str]:
    """One COPY for each path, or for the files of one directory."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        parent = path.rpartition("/")[0]
        groups.setdefault(path if path in directories else f"{parent}/", []).append(path)
    return [_line(stage, sources, target) for target, sources in groups.items()]


def _line(stage: str, sources: Sequence[str], target: str) -> str:
    said = [*(_pattern(source) for source in sources), target.replace("$", "\\$")]
    words = " ".join(said) if all(is_bare(word) for word in said) else json.dumps(said, ensure_ascii=False)
    return f"COPY --from={stage} {words}"


def _pattern(path: str) -> str:
    """COPY's sources are patterns, with variables."""
    return "".join(f"\\{char}" if char in "*?[\\$" else char for char in path)
