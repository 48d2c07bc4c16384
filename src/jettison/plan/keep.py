"""What is kept so far, with its evidence: it only grows, and is always closed under links and parents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from jettison.closure import close
from jettison.closure.model import Closer, Edge, Evidence
from jettison.filetree import FileEntry, FileTree


class _OnlyNew:
    """A closer that asks others, except about what was followed before: that has led where it leads."""

    name = "new"

    def __init__(self, closers: Sequence[Closer], followed: set[str]) -> None:
        self._closers = closers
        self._followed = followed

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if entry.path not in self._followed:
            for closer in self._closers:
                yield from closer.edges(tree, entry)


class Keep:
    """Grows by seeds, each followed through what it needs."""

    def __init__(self, tree: FileTree, closers: Sequence[Closer]) -> None:
        self._tree = tree
        self._evidence: dict[str, set[Evidence]] = {}
        self._followed: set[str] = set()
        self._closer = _OnlyNew(closers, self._followed)

    def add(self, seeds: Mapping[str, Iterable[Evidence]]) -> list[str]:
        """Keep ``seeds`` and what they need; gives the paths that were not kept before."""
        self._merge({path: reasons for path, reasons in seeds.items() if path in self._followed})
        fresh = {path: set(reasons) for path, reasons in seeds.items() if path not in self._followed}
        found = close(self._tree, fresh, (self._closer,)) if fresh else {}
        self._followed.update(found)
        return self._merge(found)

    def add_only(self, seeds: Mapping[str, Evidence]) -> list[str]:
        """Keep ``seeds`` without what their content names; links and parents still come with them."""
        return self._merge(close(self._tree, {path: {reason} for path, reason in seeds.items()}, ()))

    def complete(self, fresh: Iterable[str], companions: Callable[[list[str]], Mapping[str, Evidence]]) -> None:
        """Add what comes with ``fresh`` paths, then what comes with that, until nothing new does."""
        waiting = list(fresh)
        while waiting:
            found = companions(waiting)
            waiting = self.add({path: {why} for path, why in found.items() if path not in self._evidence})

    def remove(self, paths: Iterable[str]) -> list[str]:
        """Take these away again; gives those that were kept."""
        return [path for path in paths if self._evidence.pop(path, None) is not None]

    def _merge(self, found: Mapping[str, Iterable[Evidence]]) -> list[str]:
        fresh = [path for path in found if path not in self._evidence]
        for path, reasons in found.items():
            known = self._evidence.setdefault(path, set())
            known.update(reason for reason in reasons if reason.by != path)  # a link's end is no reason for itself
        return fresh

    def __contains__(self, path: str) -> bool:
        return path in self._evidence

    @property
    def evidence(self) -> Mapping[str, set[Evidence]]:
        """Path -> reasons."""
        return self._evidence
