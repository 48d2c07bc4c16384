"""A set of kept paths as few names: whole directories where everything in them is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from jettison.errors import Unsupported
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
    return next(covers(tree, kept, rules, (rules.price,)))


def covers(tree: FileTree, kept: Collection[str], rules: Rules, prices: Iterable[float]) -> Iterator[Cover]:
    """The same for one price after the other."""
    chooser = _Chooser(tree, kept, rules)
    for price in prices:
        chooser.weigh(price)
        whole, bare, removed = chooser.pick(price)
        litter = rules.litter if any(map(chooser.has_litter, whole)) else NO_LITTER
        yield Cover(tuple(whole), tuple(bare), tuple(removed), litter)


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


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is not kept, in a directory that is: characters to take it away, and bytes if it may stay.

    ``removal`` is infinite where it must not even be copied.
    """

    path: str
    removal: float
    surplus: int | None

    def stays(self, price: float) -> bool:
        """Whether it is cheaper to leave it there."""
        return self.surplus is not None and self.surplus * price < self.removal

    def cost(self, price: float) -> float:
        """In characters."""
        return min(self.removal, _NEVER if self.surplus is None else self.surplus * price)


def _characters(word: Callable[[], str]) -> float:
    """How many it takes to write a word, with a blank; infinite for a name that cannot be written."""
    try:
        return float(len(word()) + 1)
    except Unsupported:
        return _NEVER


class _Chooser:
    """Weighs each kept path, children before their parents, in characters of the Dockerfile.

    Outside of what is copied whole, a path costs its name, or what its children cost; inside, what is not kept costs
    its name, to be taken away, or its bytes.
    """

    def __init__(self, tree: FileTree, kept: Collection[str], rules: Rules) -> None:
        self.tree, self.kept, self.rules = tree, kept, rules
        self.split = frozenset(rules.split)
        self.outside: dict[str, float] = {}
        self.inside: dict[str, float] = {}
        self.is_whole: dict[str, bool] = {}
        #: Kept path -> its kept children, and the rest; a directory before what is in it.
        self.children: dict[str, tuple[list[str], list[_Rest]]] = {}
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            names = [child for child in tree.children(path) if not rules.litter.takes(child)]
            inner = [child for child in names if child in kept]
            self.children[path] = inner, [self._rest(child) for child in names if child not in kept]
            waiting.extend(inner)

    def _rest(self, path: str) -> _Rest:
        removal = _characters(partial(removal_word, path, self.rules.litter.roots))
        below = list(_without(self.tree, self.rules.litter, path))
        if not self.split.isdisjoint(below):
            return _Rest(path, _NEVER, None)
        if not all(map(self.rules.may_round, below)):
            return _Rest(path, removal, None)
        return _Rest(path, removal, sum(self.tree[each].size + _ENTRY for each in below))

    def has_litter(self, path: str) -> bool:
        """Whether something below ``path`` is taken away again."""
        takes = self.rules.litter.takes
        return any(takes(child) for here in self.tree.below(path) for child in self.tree.children(here))

    def weigh(self, price: float) -> None:
        """Work out what each path costs at ``price``."""
        for path, (inner, rest) in reversed(self.children.items()):
            inside = sum(self.inside[child] for child in inner) + sum(each.cost(price) for each in rest)
            self.inside[path] = _NEVER if path in self.split else inside
            word = _characters(partial(path_word, path))
            apart = sum(self.outside[child] for child in inner) or word
            # A directory of which nothing is kept but itself is not filled; of one with one child, that says more.
            may_be = len(inner) + len(rest) > 1 if inner else not rest
            whole = word + self.inside[path] if may_be else _NEVER
            self.is_whole[path] = whole <= apart
            self.outside[path] = min(whole, apart)

    def pick(self, price: float) -> tuple[list[str], list[str], list[str]]:
        """What is copied whole, what stays without its content, what is taken away again; all sorted."""
        whole, bare, waiting = [], [], ["/"]
        while waiting:
            path = waiting.pop()
            inner, _ = self.children[path]
            if self.is_whole[path]:
                whole.append(path)
            elif inner:
                waiting.extend(inner)
            else:
                bare.append(path)
        return sorted(whole), sorted(bare), sorted(self._removed(whole, price))

    def _removed(self, whole: list[str], price: float) -> Iterator[str]:
        waiting = list(whole)
        while waiting:
            inner, rest = self.children[waiting.pop()]
            waiting.extend(inner)
            yield from (each.path for each in rest if not each.stays(price))
