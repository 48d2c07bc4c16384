"""From seeds to everything that they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jettison.closure.model import Closer, Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind


def close(
    tree: FileTree, seeds: Mapping[str, Iterable[Evidence]], closers: Sequence[Closer]
) -> dict[str, tuple[Evidence, ...]]:
    """Every path that ``seeds`` need, with its evidence: closed under the closers' edges, symlinks and parents.

    A seed that is not in ``tree`` is left out. The outcome does not depend on the order of the seeds.
    """
    work = _Work(tree)
    for path in sorted(seeds):
        work.keep(path, seeds[path])
    while work.waiting:
        entry = work.waiting.pop()
        for closer in closers:
            for edge in sorted(closer.edges(tree, entry), key=_order):
                work.keep(edge.path, (edge.evidence,))
    return {path: tuple(sorted(reasons)) for path, reasons in work.evidence.items()}


def _order(edge: Edge) -> tuple[str, Evidence]:
    """Closers collect in sets; the first path below a directory is its evidence, so the order must be fixed."""
    return edge.path, edge.evidence


class _Work:
    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self.evidence: dict[str, set[Evidence]] = {}
        self.waiting: list[FileEntry] = []
        self._ends: dict[str, tuple[str | None, tuple[str, ...]]] = {}

    def keep(self, path: str, reasons: Iterable[Evidence]) -> None:
        """Keep what ``path`` reaches, and the symlinks on the way to it."""
        if path not in self._ends:
            self._ends[path] = self._tree.walk(path)
        end, links = self._ends[path]
        for link in links:
            self._note(link, reasons if link == path else (Evidence("link", path),))
        if end:
            self._note(end, reasons)

    def _note(self, path: str, reasons: Iterable[Evidence]) -> None:
        known = self.evidence.get(path)
        if known is not None:
            known.update(reasons)
            return
        self.evidence[path] = set(reasons)
        entry = self._tree[path]
        if entry.kind is Kind.FILE:
            self.waiting.append(entry)
        while (parent := entry.parent) not in self.evidence:
            self.evidence[parent] = {Evidence("directory", entry.path)}
            entry = self._tree[parent]
