"""What the three formats have in common."""

from __future__ import annotations

from collections.abc import Iterable

from jettison.errors import InvalidInput
from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Package
from jettison.security.model import Finding, Scan, Severity
from jettison.security.purl import package_of


def severity(word: str) -> Severity:
    """By its name, in any case."""
    said = word.lower()
    return Severity(said) if said in set(Severity) else Severity.UNKNOWN


def package(purl: str, name: str, version: str, *, source: str, source_version: str, place: str, kind: str) -> Package:
    """A package by its package URL, or, without one, by its name. ``place`` is the file that says so."""
    try:
        found = package_of(purl)
    except InvalidInput:
        found = Package(kind or "generic", name, version)
    own = found.is_distribution
    here = frozenset({"/" + place.lstrip("/")}) if place else frozenset()
    attributes = {"source_version": source_version or found.attributes.get("source_version", "")} if own else {}
    return Package(
        found.type, found.name, version if own and version else found.version or version, found.architecture,
        (source or found.source) if own else "", frozenset() if own else here, here, "",
        {key: value for key, value in attributes.items() if value},
    )  # fmt: skip


def scan(
    image: str, by: str, components: Iterable[Component], distribution: Distribution | None,
    findings: Iterable[Finding], suppressed: Iterable[Finding] = (), unknown: Iterable[str] = (),
) -> Scan:  # fmt: skip
    """A scan in which every component is once, in order, as in our own."""
    unique = {(component.key, component.place): component for component in components}
    inventory = Inventory(tuple(unique[key] for key in sorted(unique)), distribution)
    return Scan(image, inventory, ordered(findings), ordered(suppressed), (*unknown, *missing(inventory, by)), by=by)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, one for each component and vulnerability."""
    unique = {(finding.component.key, finding.component.place, finding.id): finding for finding in findings}
    return tuple(sorted(unique.values(), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.severity.rank, finding.component.key, finding.component.place, finding.id


def missing(inventory: Inventory, by: str) -> Iterable[str]:
    """What the other scanner does not say: a distribution without packages, or the other way round."""
    native = any(component.package.is_distribution for component in inventory.components)
    if inventory.distribution is None:
        yield f"{by} names no distribution"
    elif not native:
        yield f"{by} found no package of {inventory.distribution.id} {inventory.distribution.version}".rstrip()
