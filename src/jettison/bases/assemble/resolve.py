"""Which packages are needed: Depends and Pre-Depends, followed (Debian Policy 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jettison.bases.assemble.relations import Relation
from jettison.bases.assemble.universe import Package, Universe
from jettison.errors import InvalidInput, NotFound

_NEEDED = ("Pre-Depends", "Depends")
_REFUSED = ("Conflicts", "Breaks")


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
    _agree(found, without)
    return found


class _Attempt:
    """One walk over the dependencies, which ends at a package that cannot be had; that one is then impossible."""

    def __init__(self, universe: Universe, without: frozenset[str], impossible: dict[str, str]) -> None:
        self.chosen: dict[str, Package] = {}
        self.wanted: frozenset[str] = frozenset()
        self._provided: dict[str, list[Package]] = {}
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
                found = next((p for relation in group for p in self._candidates(relation)), None)
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

    def _met(self, group: tuple[Relation, ...]) -> bool:
        return any(relation.name in self._without or self._has(relation) for relation in group)

    def _has(self, relation: Relation) -> bool:
        package = self.chosen.get(relation.name)
        if package is not None and relation.allows(package.version):
            return True
        return any(provides(package, relation) for package in self._provided.get(relation.name, ()))

    def _candidates(self, relation: Relation) -> list[Package]:
        """Packages of that name, then those that provide it; what excludes a chosen one comes last."""
        package = self._universe.package(relation.name)
        found = [package] if package is not None and relation.allows(package.version) else []
        found += [provider for provider in self._universe.providers(relation.name) if provides(provider, relation)]
        free = [p for p in found if p.name not in self._impossible and p.name not in self.chosen]
        return sorted(free, key=self._excluded)

    def _excluded(self, package: Package) -> bool:
        return any(clash(package, other) or clash(other, package) for other in self.chosen.values())

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


def clash(package: Package, other: Package) -> bool:
    """Whether ``package`` says that it cannot be there together with ``other``; its own provides do not count."""
    if package.name == other.name:
        return False
    return any(
        (relation.name == other.name and relation.allows(other.version)) or provides(other, relation)
        for group in package.relations(*_REFUSED)
        for relation in group
    )


def _agree(found: Sequence[Package], without: frozenset[str]) -> None:
    names: Mapping[str, Package] = {package.name: package for package in found if package.name not in without}
    for package in names.values():
        for other in names.values():
            if clash(package, other):
                raise InvalidInput(f"cannot resolve: {package.name} {package.version} excludes {other.name}")
