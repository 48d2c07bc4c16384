"""A set of kept paths as few names: whole directories where everything in them is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from jettison.filetree import FileTree
from jettison.rewrite.observation.litter import NO_LITTER, Litter
from jettison.rewrite.observation.quoting import path_word

#: What a path that would not be needed counts beside its content, in bytes: it is an entry of an archive.
_ENTRY = 512
_NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Cover:
    """``whole``: paths copied with all that is below them; ``bare``: directories without their content.

    ``removed`` paths and ``litter`` are taken away again from what was copied. Parents come with everything.
    """

    whole: tuple[str, ...]
    bare: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    litter: Litter = NO_LITTER


def _never(path: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rules:
    """``split``: directories that are never copied whole. ``may_round`` says which paths that are not kept may be
    copied with others, at ``price`` characters of the Dockerfile for a byte.
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
    whole, bare, removed = chosen.pick()
    litter = rules.litter if any(map(chosen.has_litter, whole)) else NO_LITTER
    return Cover(tuple(whole), tuple(bare), tuple(removed), litter)


def expand(cover: Cover, tree: FileTree) -> set[str]:
    """Every path that ``cover`` stands for, parents included."""
    found, removed = set(cover.bare), frozenset(cover.removed)
    for path in cover.whole:
        found.update(_without(tree, cover.litter, path, removed))
    return _with_parents(found, tree)


def _with_parents(paths: Iterable[str], tree: FileTree) -> set[str]:
    found: set[str] = {"/"}
    for path in paths:
        while path not in found:
            found.add(path)
            path = tree[path].parent
    return found


def removal_word(path: str, roots: Iterable[str]) -> str:
    """How a path that is taken away is called: relative to the root of litter that it is in, if it is in one."""
    root = next((root for root in roots if path.startswith(f"{root}/")), "")
    return path_word(path[len(root) :])


def _without(tree: FileTree, litter: Litter, path: str = "/", removed: frozenset[str] = frozenset()) -> Iterator[str]:
    """As ``tree.below``, without litter, ``removed`` paths, and what is below these."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(
            child for child in reversed(tree.children(here)) if child not in removed and not litter.takes(child)
        )


class _Chooser:
    """Weighs each path, children before their parents, in characters of the Dockerfile.

    Outside of what is copied whole, a kept path costs its name, or what its children cost; inside, what is not kept
    costs its name, to be taken away, or its bytes.
    """

    def __init__(self, tree: FileTree, kept: Collection[str], rules: Rules) -> None:
        self.tree, self.kept, self.rules = tree, kept, rules
        self.split = frozenset(rules.split)
        self.outside: dict[str, float] = {}
        self.inside: dict[str, float] = {}
        self.is_whole: dict[str, bool] = {}
        #: Bytes of what is not kept, with all that is below it; ``None`` where it may not stay.
        self.surplus: dict[str, int | None] = {}

    def children(self, path: str) -> list[str]:
        """Those that are not litter."""
        return [child for child in self.tree.children(path) if not self.rules.litter.takes(child)]

    def has_litter(self, path: str) -> bool:
        """Whether something below ``path`` is taken away again."""
        takes = self.rules.litter.takes
        return any(takes(child) for here in self.tree.below(path) for child in self.tree.children(here))

    def weigh(self, path: str) -> None:
        children = self.children(path)
        if path not in self.kept:
            self._weigh_unkept(path, children)
            return
        self.inside[path] = _NEVER if path in self.split else sum(self.inside[child] for child in children)
        word = len(path_word(path)) + 1
        apart = sum(self.outside[child] for child in children if child in self.kept)
        # A directory of which nothing is kept but itself is not filled; of one with one child, the child says more.
        may_be = not children or (apart and len(children) > 1)
        whole = word + self.inside[path] if may_be else _NEVER
        self.is_whole[path] = whole <= (apart or word)
        self.outside[path] = min(whole, apart or word)

    def _weigh_unkept(self, path: str, children: list[str]) -> None:
        may_be = path not in self.split and all(self.inside[child] != _NEVER for child in children)
        surplus = self.tree[path].size + _ENTRY if self.rules.may_round(path) else None
        for child in children:
            below = self.surplus[child]
            surplus = None if surplus is None or below is None else surplus + below
        self.surplus[path] = surplus
        self.inside[path] = min(self._removal(path), self._price(path)) if may_be else _NEVER

    def _removal(self, path: str) -> float:
        return float(len(removal_word(path, self.rules.litter.roots)) + 1)

    def _price(self, path: str) -> float:
        surplus = self.surplus[path]
        return _NEVER if surplus is None else surplus * self.rules.price

    def pick(self) -> tuple[list[str], list[str], list[str]]:
        """What is copied whole, what stays without its content, what is taken away again; all sorted."""
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
        return sorted(whole), sorted(bare), sorted(self._removed(whole))

    def _removed(self, whole: list[str]) -> Iterator[str]:
        waiting = list(whole)
        while waiting:
            for child in self.children(waiting.pop()):
                if child in self.kept:
                    waiting.append(child)
                elif self._removal(child) <= self._price(child):
                    yield child
