"""The inventory of an image: every package, also those inside files, and what could not be told.

``catalog`` finds what owns files, which is what is kept or dropped. The inventory adds what only *is* somewhere: the
modules linked into a Go program, the jars in a jar, a program that no record names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jettison.filetree import FileTree
from jettison.packages import CATALOGERS, catalog
from jettison.packages.contained import FINDERS
from jettison.packages.distribution import Distribution, distribution
from jettison.packages.model import Gap, Package
from jettison.packages.unowned import Unowned, unowned


@dataclass(frozen=True, slots=True)
class Component:
    """A package where it is. ``layer`` brought it; ``instruction`` is what made that layer, if known.

    A distribution's package came with most of its files: its record is in a database that each layer which installs
    something writes anew. Any other one came with its record.
    ``owner`` is the distribution's package that its record belongs to: then that one's advisories count.
    """

    package: Package
    layer: int = 0
    instruction: str = ""
    owner: Package | None = None

    @property
    def place(self) -> str:
        """The path that says so; ``""`` where none is known."""
        return min(self.package.records, default=self.package.root)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same in another image."""
        return self.package.type, self.package.name, self.package.version, self.package.architecture


@dataclass(frozen=True)
class Inventory:
    """Everything that was found, sorted, and what was not: ``gaps`` could not be read, ``unowned`` has no record.

    ``unsaid`` are sentences on what the document that it was read from does not say.
    """

    components: tuple[Component, ...]
    distribution: Distribution | None = None
    gaps: tuple[Gap, ...] = ()
    unowned: tuple[Unowned, ...] = ()
    unsaid: tuple[str, ...] = ()

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Only the packages."""
        return tuple(component.package for component in self.components)

    @property
    def unowned_bytes(self) -> int:
        """Bytes of programs and scripts that no package has."""
        return sum(file.bytes for file in self.unowned)


def take(tree: FileTree, instructions: Sequence[str] = (), native: Iterable[Package] | None = None) -> Inventory:
    """The inventory of ``tree``; ``instructions`` has, for each layer, what made it; ``native`` is its ``catalog``."""
    gaps: list[Gap] = []
    native = catalog(tree) if native is None else tuple(native)
    owners = {path: package for package in native if package.is_distribution for path in package.files}
    inside = _inside(tree, owners, gaps.append)
    packages = _sorted([*native, *inside])
    components = tuple(_component(package, tree, instructions, owners) for package in packages)
    gaps += [gap for cataloger in CATALOGERS for gap in cataloger.gaps(tree)]
    return Inventory(components, distribution(tree), tuple(gaps), unowned(tree, packages))


def _inside(tree: FileTree, owners: Mapping[str, Package], tell: Callable[[Gap], None]) -> list[Package]:
    """What is inside files. Of a distribution's own program its package says what it is, and whether it is mended."""

    def tell_of_others(gap: Gap) -> None:
        if gap.path not in owners:
            tell(gap)

    found = [package for finder in FINDERS for package in finder.find(tree, tell_of_others)]
    return [package for package in found if package.type != "generic" or owners.keys().isdisjoint(package.files)]


def _sorted(packages: Iterable[Package]) -> list[Package]:
    unique = {(p.type, p.name, p.version, p.architecture, p.root, tuple(sorted(p.records))): p for p in packages}
    return [unique[key] for key in sorted(unique)]


def _component(package: Package, tree: FileTree, instructions: Sequence[str], owners: dict[str, Package]) -> Component:
    layer = _layer(package, tree)
    said = instructions[layer] if layer < len(instructions) else ""
    owner = None if package.is_distribution else next((owners[p] for p in package.records if p in owners), None)
    return Component(package, layer, said, owner)


def _layer(package: Package, tree: FileTree) -> int:
    """The layer that brought ``package``; of two with as many of its files, the lower."""
    own = package.files - package.records if package.is_distribution else frozenset()
    layers = Counter(tree[path].layer for path in own if path in tree)
    if layers:
        return min(layers, key=lambda layer: (-layers[layer], layer))
    return max((entry.layer for path in package.records if (entry := tree.resolve(path)) is not None), default=0)
