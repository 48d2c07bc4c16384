"""A set of kept paths as few names: whole directories where everything in them is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from jettison.filetree import FileTree
from jettison.rewrite.observation.litter import NO_LITTER, Litter
from jettison.rewrite.observation.quoting import path_word

#: What a path that would not be needed counts beside its content, in bytes: it is an entry of an archive.
_ENTRY = 512


@dataclass(frozen=True, slots=True)
class Cover:
    """``whole``: paths copied with all that is below them; ``bare``: directories without their content.

    ``litter`` is taken away again from what was copied. Parents come with everything.
    """

    whole: tuple[str, ...]
    bare: tuple[str, ...] = ()
    litter: Litter = NO_LITTER


def _never(path: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rules:
    """``split``: directories that are never copied whole. ``may_round`` says of which directories paths may be
    copied that are not needed, at ``price`` characters of the Dockerfile for a byte; 0 is any price.
    """

    split: Collection[str] = ("/",)
    litter: Litter = NO_LITTER
    may_round: Callable[[str], bool] = field(default=_never)
    price: float = 0.0


def cover(tree: FileTree, kept: Collection[str], rules: Rules | None = None) -> Cover:
    """The cheapest cover of ``kept``, which are paths of ``tree`` and closed under parents."""
    rules = rules or Rules()
    chosen = _Chooser(tree, kept, rules)
    for path in reversed(list(_without(tree, rules.litter))):
        chosen.weigh(path)
    whole, bare = chosen.pick()
    return Cover(tuple(whole), tuple(bare), rules.litter if any(map(chosen.has_litter, whole)) else NO_LITTER)


def expand(cover: Cover, tree: FileTree) -> set[str]:
    """Every path that ``cover`` stands for, parents included."""
    found = set(cover.bare)
    for path in cover.whole:
        found.update(_without(tree, cover.litter, path))
    return _with_parents(found, tree)


def _with_parents(paths: Iterable[str], tree: FileTree) -> set[str]:
    found: set[str] = {"/"}
    for path in paths:
        while path not in found:
            found.add(path)
            path = tree[path].parent
    return found


def _without(tree: FileTree, litter: Litter, path: str = "/") -> Iterator[str]:
    """As ``tree.below``, without litter and what is below it."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(child for child in reversed(tree.children(here)) if not litter.takes(child))


class _Chooser:
    """Weighs each kept path, children before their parents: copied whole, or the sum of its children."""

    def __init__(self, tree: FileTree, kept: Collection[str], rules: Rules) -> None:
        self.tree, self.kept, self.rules = tree, kept, rules
        self.split = frozenset(rules.split)
        #: Bytes that a directory copied whole has too many; ``None`` where it may not be copied whole.
        self.surplus: dict[str, int | None] = {}
        self.cost: dict[str, float] = {}
        self.is_whole: dict[str, bool] = {}

    def children(self, path: str) -> list[str]:
        return [child for child in self.tree.children(path) if not self.rules.litter.takes(child)]

    def has_litter(self, path: str) -> bool:
        """Whether something below ``path`` is taken away again."""
        return any(
            self.rules.litter.takes(child) for here in self.tree.below(path) for child in self.tree.children(here)
        )

    def weigh(self, path: str) -> None:
        children = self.children(path)
        self.surplus[path] = self._surplus(path, children)
        if path not in self.kept:
            return
        word = len(path_word(path)) + 1
        inner = sum(self.cost[child] for child in children if child in self.kept)
        apart, surplus = inner or word, self.surplus[path]
        # A directory of which nothing is kept but itself is not filled, whatever the price.
        may_be_whole = surplus == 0 or (surplus is not None and inner)
        whole = self._price(path, surplus or 0) + word if may_be_whole else float("inf")
        self.is_whole[path] = whole <= apart
        self.cost[path] = min(whole, apart)

    def _surplus(self, path: str, children: list[str]) -> int | None:
        if path in self.split:
            return None
        total = 0 if path in self.kept else self.tree[path].size + _ENTRY
        for child in children:
            below = self.surplus[child]
            if below is None:
                return None
            total += below
        return total

    def _price(self, path: str, surplus: int) -> float:
        if surplus == 0:
            return 0.0
        return surplus * self.rules.price if self.rules.may_round(path) else float("inf")

    def pick(self) -> tuple[list[str], list[str]]:
        """The paths to be copied whole, and the directories that stay without what is in them; both sorted."""
        whole, bare, waiting = [], [], ["/"]
        while waiting:
            path = waiting.pop()
            children = [child for child in self.children(path) if child in self.kept]
            if self.is_whole[path]:
                whole.append(path)
            elif children:
                waiting.extend(children)
            else:
                bare.append(path)
        return sorted(whole), sorted(bare)
