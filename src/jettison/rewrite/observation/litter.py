"""What a plan leaves out everywhere in some directories, as name patterns: ``*.md``, ``test``, ``README``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jettison.filetree import FileTree

#: Names that stand in a pattern as they are.
_PLAIN = re.compile(r"[\w.@+-]+", re.ASCII)
_SUFFIX = re.compile(r"\.[A-Za-z]\w*(\.\w+)?$", re.ASCII)
#: At most so many patterns, each of at least so many paths.
_MOST, _FEWEST = 16, 3
#: What a path counts beside its content, in bytes.
_ENTRY = 512


@dataclass(frozen=True, slots=True)
class Litter:
    """``names`` and ``suffixes`` that are taken away in ``roots``, at any depth."""

    roots: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    suffixes: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """As ``find -name`` reads them, suffixes first."""
        return (*(f"*{suffix}" for suffix in self.suffixes), *sorted(self.names))

    def takes(self, path: str) -> bool:
        """Whether ``path`` itself is taken away; what is below it goes with it."""
        name = path.rpartition("/")[2]
        if name not in self.names and not (self.suffixes and name.endswith(self.suffixes)):
            return False
        return any(path.startswith(f"{root}/") for root in self.roots)


NO_LITTER = Litter()


def litter(tree: FileTree, kept: Collection[str], roots: Iterable[str]) -> Litter:
    """The patterns that take away most of what is not kept in ``roots``, and nothing of what is."""
    roots = tuple(sorted(roots))
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    taken: set[str] = set()
    for root in roots:
        for path in tree.below(root):
            if path in kept:
                taken.update(_matching(tree[path].name))
            elif tree[path].parent in kept:
                size = sum(tree[inner].size + _ENTRY for inner in tree.below(path))
                for pattern in _patterns(tree[path].name):
                    counts[pattern] += 1
                    sizes[pattern] += size
    return _greedy({p: sizes[p] for p, count in counts.items() if count >= _FEWEST and p not in taken}, roots)


def _patterns(name: str) -> Iterator[str]:
    """Those that are worth a try for ``name``: the name itself, and its one or two suffixes."""
    if _PLAIN.fullmatch(name):
        yield name
        found = _SUFFIX.search(name)
        if found and found.start():
            yield f"*{found[0]}"
            last = f"*.{name.rpartition('.')[2]}"
            if last != f"*{found[0]}":
                yield last


def _matching(name: str) -> Iterator[str]:
    """Every pattern of ours that would match ``name``."""
    yield name
    yield from (f"*{name[at:]}" for at, char in enumerate(name) if char == ".")


def _greedy(sizes: Mapping[str, int], roots: tuple[str, ...]) -> Litter:
    """The patterns that take most, suffixes before the names that they match."""
    chosen: list[str] = []
    for pattern in sorted(sizes, key=lambda p: (-sizes[p], not p.startswith("*"), len(p), p)):
        if not any(pattern.endswith(other[1:]) for other in chosen if other.startswith("*")):
            chosen.append(pattern)
    chosen = chosen[:_MOST]
    suffixes = tuple(sorted(pattern[1:] for pattern in chosen if pattern.startswith("*")))
    names = frozenset(pattern for pattern in chosen if not pattern.startswith("*"))
    return Litter(roots, names, suffixes) if chosen else NO_LITTER
