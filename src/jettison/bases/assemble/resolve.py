"""Which packages are needed: Depends and Pre-Depends, followed (Debian Policy 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jettison.bases.assemble.relations import Relation
from jettison.bases.assemble.universe import Package, Universe
from jettison.errors import InvalidInput, NotFound

_NEEDED = ("Pre-Depends", "Depends")


def resolve(
    universe: Universe, wanted: Iterable[str], *, without: frozenset[str] = frozenset(), dependencies: bool = True
) -> tuple[Package, ...]:
    """``wanted`` and all that they need, sorted by name.

    A dependency on a name in ``without`` counts as met; with ``dependencies`` false all do. Of alternatives the
    first is taken that is there already, else the first that can be had, as apt does. Raises ``NotFound`` where a
    package or something that it needs does not exist, ``InvalidInput`` where two of them exclude each other.
    """
    names = tuple(dict.fromkeys(wanted))
    impossible: dict[str, str] = {}
    while True:
        attempt = _Attempt(universe, without, impossible)
        stuck = attempt.run(names, dependencies=dependencies)
        if stuck is None:
            break
        if stuck in attempt.wanted:
            raise NotFound(f"cannot resolve {stuck}: {impossible[stuck]}")
    found = tuple(sorted(attempt.chosen.values(), key=lambda package: package.name))
    for package in found:
        if package.name not in without and (reason := attempt.excluded(package)):
            raise InvalidInput(f"cannot resolve: {reason}")
    return found


class _Attempt:
    """One walk over the dependencies, which ends at a package that cannot be had; that one is then impossible."""

    def __init__(self, universe: Universe, without: frozenset[str], impossible: dict[str, str]) -> None:
        self.chosen: dict[str, Package] = {}
        self.wanted: frozenset[str] = frozenset()
        self._provided: dict[str, list[Package]] = {}
        self._refused: dict[str, list[tuple[Package, Relation]]] = {}
        self._universe = universe
        self._without = without
        self._impossible = impossible

    def run(self, wanted: Sequence[str], *, dependencies: bool) -> str | None:
        """Choose packages; gives the name of one that turned out to be impossible, ``None`` if all is well."""
        for name in wanted:
            self._choose(self._wanted(name))
        self.wanted = frozenset(self.chosen)
        waiting = list(self.chosen.values())
        for package in waiting:  # grows while it is walked
            for group in package.relations(*_NEEDED) if dependencies else ():
                if self._met(group):
                    continue
                found = self._best(group)
                if found is None:
                    self._impossible[package.name] = self._reason(group)
                    return package.name
                self._choose(found)
                waiting.append(found)
        return None

    def _wanted(self, name: str) -> Package:
        found = self._universe.package(name)
        if found is not None:
            return found
        providers = self._universe.providers(name)
        if len(providers) == 1:  # libssl3 is libssl3t64 since times have 64 bits
            return providers[0]
        if providers:
            named = ", ".join(package.name for package in providers)
            raise NotFound(f"cannot resolve {name}: it is a virtual package; name one of {named}")
        import difflib

        near = difflib.get_close_matches(name, self._universe.names, n=1, cutoff=0.8)
        raise NotFound(f"cannot resolve {name}: no source has it{f'; did you mean {near[0]}?' if near else ''}")

    def _choose(self, package: Package) -> None:
        self.chosen[package.name] = package
        for provided in package.provides:
            self._provided.setdefault(provided.name, []).append(package)
        for relation in _refused(package):
            self._refused.setdefault(relation.name, []).append((package, relation))

    def _met(self, group: tuple[Relation, ...]) -> bool:
        return any(relation.name in self._without or self._has(relation) for relation in group)

    def _has(self, relation: Relation) -> bool:
        package = self.chosen.get(relation.name)
        if package is not None and relation.allows(package.version):
            return True
        return any(provides(package, relation) for package in self._provided.get(relation.name, ()))

    def _best(self, group: tuple[Relation, ...]) -> Package | None:
        """The first that can be had, of those that exclude no chosen package if there are any."""
        found = [package for relation in group for package in self._candidates(relation)]
        return next((package for package in found if self.excluded(package) is None), found[0] if found else None)

    def _candidates(self, relation: Relation) -> list[Package]:
        """The package of that name, then those that provide it."""
        package = self._universe.package(relation.name)
        found = [package] if package is not None and relation.allows(package.version) else []
        found += [provider for provider in self._universe.providers(relation.name) if provides(provider, relation)]
        return [p for p in found if p.name not in self._impossible and p.name not in self.chosen]

    def excluded(self, package: Package) -> str | None:
        """What a package excludes of the chosen ones, or is excluded by, in words; its own provides do not count."""
        for relation in _refused(package):
            others = [self.chosen.get(relation.name), *self._provided.get(relation.name, ())]
            for other in others:
                if other is not None and other.name != package.name and _meant(relation, other):
                    return f"{package.name} {package.version} excludes {other.name}"
        for name in (package.name, *(given.name for given in package.provides)):
            for other, relation in self._refused.get(name, ()):
                if other.name != package.name and _meant(relation, package):
                    return f"{other.name} {other.version} excludes {package.name}"
        return None

    def _reason(self, group: tuple[Relation, ...]) -> str:
        """Why nothing of a group can be had, down to the dependency that does not exist."""
        text = f"it needs {' | '.join(map(str, group))}"
        for relation in group:
            if relation.name in self._impossible:
                return f"{text}; {relation.name}: {self._impossible[relation.name]}"
            package = self._universe.package(relation.name)
            if package is not None:
                return f"{text}, but the sources have {relation.name} {package.version}"
        return f"{text}, which no source has"


def provides(package: Package, relation: Relation) -> bool:
    """Whether a package provides what is asked for: a certain version only where it says of which it is."""
    return any(
        given.name == relation.name
        and (not relation.operator or (given.operator == "=" and relation.allows(given.version)))
        for given in package.provides
    )


def _meant(relation: Relation, package: Package) -> bool:
    """Whether a package is what a relation names, by its own name or one that it provides."""
    return (relation.name == package.name and relation.allows(package.version)) or provides(package, relation)


def _refused(package: Package) -> Iterator[Relation]:
    """What a package does not go together with."""
    return (relation for group in package.relations("Conflicts", "Breaks") for relation in group)
