"""Which advisories hit what an image has: one finding for each component and vulnerability."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.security import coverage, ignore, vex
from jettison.security.advisories import names
from jettison.security.advisories.database import Database
from jettison.security.compare import compare
from jettison.security.ecosystem import has_no_group, is_covered, is_maintained, lookups
from jettison.security.model import Advisory, Finding, Fix, Scan, Severity
from jettison.security.versions import fixed_in, is_affected

__all__ = ["compare", "scan"]

#: Packages of C headers that share a source package with the kernel: there is no kernel in them to attack.
_HEADERS = re.compile(r"linux-libc-dev(?:-.*)?|linux-headers(?:-.*)?|kernel-headers")
_NO_KERNEL = "headers only: there is no kernel in the package"


@dataclass(frozen=True, slots=True)
class Hit:
    """An advisory that holds a component's version. ``ids`` are the names of the vulnerability that it is here for."""

    advisory: Advisory
    ids: frozenset[str]
    fixed_in: str


def scan(
    name: str,
    inventory: Inventory,
    database: Database | None,
    statements: Sequence[vex.Statement] = (),
    ignored: Sequence[ignore.Ignored] = (),
    today: date | None = None,
) -> Scan:
    """Match every component; ``name`` is the image's, which VEX documents may be about.

    In the inventory that is given back a component has an owner only where that one's advisories count for it.
    """
    found: list[Finding] = []
    unread: list[Component] = []
    unchecked: list[Component] = []
    if database is not None:
        inventory = _owned(inventory, database)
    for component in _counted(inventory):
        if database is None or not is_covered(component, inventory.distribution, database):
            unchecked.append(component)
            continue
        hits, readable = _hits(component, inventory.distribution, database)
        found += [_finding(component, group, database) for group in _vulnerabilities(hits)]
        unread += [] if readable else [component]
    judged, notes = judge(name, found, inventory.distribution, statements, ignored, today)
    return Scan(
        name,
        inventory,
        tuple(finding for finding in judged if not finding.suppressed),
        tuple(finding for finding in judged if finding.suppressed),
        (*coverage.unknown(inventory, database, unread), *_nameless(inventory, database)),
        None if database is None else database.info,
        notes=(*coverage.notes(inventory), *notes),
        unchecked=(*unchecked, *unread),
    )


def judge(
    name: str,
    found: Sequence[Finding],
    distribution: Distribution | None,
    statements: Sequence[vex.Statement] = (),
    ignored: Sequence[ignore.Ignored] = (),
    today: date | None = None,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings in order, with what VEX documents and the ignore file say; and sentences on the latter."""
    ordered = sorted(found, key=_order)
    applied = vex.apply(name, ordered, statements, distribution)
    return ignore.apply(applied, ignored, today or datetime.now(UTC).date())


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.severity.rank, finding.component.key, finding.component.place, finding.id


def _owned(inventory: Inventory, database: Database) -> Inventory:
    """Without owners that only have files there and do not mend what is in them."""
    components = tuple(
        each if is_maintained(each, inventory.distribution, database) else replace(each, owner=None)
        for each in inventory.components
    )
    return replace(inventory, components=components)


def _counted(inventory: Inventory) -> list[Component]:
    """Without what is a distribution package's: its maintainer mends it without changing the version in its record."""
    return [component for component in inventory.components if component.owner is None]


def _nameless(inventory: Inventory, database: Database | None) -> list[str]:
    """The sentence on jars of which nobody can tell which project's they are."""
    found = sorted({str(each.package) for each in _counted(inventory) if has_no_group(each)})
    if not found or database is None:
        return []
    more = f" and {len(found) - coverage.SHOWN} more" if len(found) > coverage.SHOWN else ""
    jars = "1 jar names" if len(found) == 1 else f"{len(found)} jars name"
    return [f"{jars} no Maven group: not checked ({', '.join(found[: coverage.SHOWN])}{more})"]


def _hits(component: Component, distribution: Distribution | None, database: Database) -> tuple[list[Hit], bool]:
    """What hits, and whether every comparison could be made."""
    hits, readable = [], True
    for lookup in lookups(component, distribution):
        for advisory in database.advisories(lookup.ecosystem, lookup.package):
            affected = is_affected(lookup.version, advisory)
            readable = readable and affected is not None
            if affected:
                fixed = fixed_in(lookup.version, advisory)
                hits += [Hit(advisory, ids, fixed) for ids in _ids(advisory)]
    return hits, readable


def _ids(advisory: Advisory) -> list[frozenset[str]]:
    """A distribution's advisory mends several vulnerabilities at once; elsewhere one has several names."""
    cves = [name for name in advisory.identifiers if names.is_cve(name)]
    if names.is_distribution(advisory.ecosystem) and cves:
        return [frozenset({cve}) for cve in cves]
    return [frozenset(advisory.identifiers)]


def _vulnerabilities(hits: Iterable[Hit]) -> list[list[Hit]]:
    """Advisories that share a name are about the same vulnerability, also over a third one."""
    groups: list[tuple[set[str], list[Hit]]] = []
    for hit in hits:
        same = [group for group in groups if group[0] & hit.ids]
        groups = [group for group in groups if not group[0] & hit.ids]
        ids = set(hit.ids).union(*(group[0] for group in same))
        groups.append((ids, [*(each for group in same for each in group[1]), hit]))
    return [group[1] for group in groups]


def _finding(component: Component, hits: list[Hit], database: Database) -> Finding:
    ids = sorted({name for hit in hits for name in hit.ids}, key=lambda name: (not names.is_cve(name), name))
    shown = dict.fromkeys((*ids, *(hit.advisory.id for hit in hits)))
    best = min(hits, key=_authority)
    severity, said_by = _severity(hits, ids, database)
    fix, fixed = _fix(hits)
    return Finding(
        component,
        ids[0],
        tuple(shown)[1:],
        severity,
        said_by,
        fix,
        fixed,
        cvss=next((hit.advisory.cvss for hit in hits if hit.advisory.cvss), ""),
        known_exploited=any(database.known_exploited(name) for name in ids),
        epss=max((value for name in ids if (value := database.epss(name)) is not None), default=None),
        source=best.advisory.source,
        summary=next((hit.advisory.summary for hit in sorted(hits, key=_authority) if hit.advisory.summary), ""),
        suppressed=_not_counted(component, fix, best),
    )


def _authority(hit: Hit) -> int:
    """0 the distribution that made the package, 1 GitHub's reviewers, 2 everyone else."""
    advisory = hit.advisory
    return 0 if names.is_distribution(advisory.ecosystem) else 1 if advisory.id.startswith("GHSA-") else 2


def _severity(hits: list[Hit], ids: list[str], database: Database) -> tuple[Severity, str]:
    """By the distribution, else GHSA, else a CVSS vector, else what is said of the CVE elsewhere."""
    said = [hit for hit in hits if hit.advisory.severity is not Severity.UNKNOWN]
    if said:
        best = min(said, key=lambda hit: (_authority(hit), not hit.advisory.cvss, hit.advisory.severity.rank))
        return best.advisory.severity, best.advisory.severity_source or best.advisory.source
    elsewhere = [found for name in ids if (found := database.severity(name)) not in (None, Severity.UNKNOWN)]
    if elsewhere:
        return min(filter(None, elsewhere), key=lambda severity: severity.rank), "the same CVE elsewhere"
    return Severity.UNKNOWN, ""


def _fix(hits: list[Hit]) -> tuple[Fix, str]:
    """What the one with the most authority says; without a word of its own, whether a version has it mended."""
    ranked = sorted(hits, key=_authority)
    for hit in ranked:
        if hit.fixed_in:
            return Fix.FIXED, hit.fixed_in
        if hit.advisory.fix in (Fix.UNFIXED, Fix.WILL_NOT_FIX, Fix.NOT_AFFECTED):
            return hit.advisory.fix, ""
    return Fix.UNFIXED, ""


def _not_counted(component: Component, fix: Fix, best: Hit) -> str:
    if fix is Fix.NOT_AFFECTED:
        return f"{best.advisory.source or best.advisory.ecosystem}: not affected"
    return _NO_KERNEL if _HEADERS.fullmatch(component.package.name) and component.package.is_distribution else ""
