"""From scans to what a report says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from jettison.report.security.model import FindingLine, Security, Side, UnownedLine, WeaknessLine
from jettison.security.hardening import Weakness
from jettison.security.model import Compared, DatabaseInfo, Finding, Fix, Scan, Severity

#: A package's type, name and version, and the name of a vulnerability.
Key = tuple[str, str, str, str]
#: How many of the largest files that no record names are listed.
_UNOWNED = 20


def of_image(scan: Scan, weaknesses: Iterable[Weakness] = ()) -> Security:
    """One image alone."""
    return _with_database(Security(side(scan, weaknesses)), scan.database)


def of_two(found: Compared, before: Iterable[Weakness] = (), after: Iterable[Weakness] = ()) -> Security:
    """Before and after. What went from one place and stays in another remains."""
    remaining = _keys(found.remaining)
    security = Security(
        side(found.after, after),
        side(found.before, before),
        counts(found.removed, remaining | _keys(found.cannot_tell)),
        counts(found.remaining),
        counts(found.cannot_tell, remaining),
        counts(found.added),
        tuple(f"{component.package.type} {component.package}" for component in found.gone),
    )
    return _with_database(security, found.after.database or found.before.database)


def side(scan: Scan, weaknesses: Iterable[Weakness] = ()) -> Side:
    """One image's part."""
    inventory = scan.inventory
    largest = sorted(inventory.unowned, key=lambda file: (-file.bytes, file.path))[:_UNOWNED]
    release = inventory.distribution
    return Side(
        image=scan.image,
        distribution=(release.name or f"{release.id} {release.version}".strip()) if release else "",
        packages=dict(sorted(Counter(package.type for package in inventory.packages).items())),
        counts=counts(scan.findings),
        fixable=len(_keys(finding for finding in scan.findings if finding.fix is Fix.FIXED)),
        known_exploited=len(_keys(finding for finding in scan.findings if finding.known_exploited)),
        findings=tuple(_line(finding) for finding in sorted(scan.findings, key=_order)),
        suppressed=tuple(_line(finding) for finding in sorted(scan.suppressed, key=_order)),
        weaknesses=tuple(map(_weakness, weaknesses)),
        unowned=tuple(UnownedLine(file.path, file.kind, file.bytes) for file in largest),
        unowned_files=len(inventory.unowned),
        unowned_bytes=inventory.unowned_bytes,
        not_known=scan.unknown,
        notes=scan.notes,
        by=scan.by,
    )


def _weakness(one: Weakness) -> WeaknessLine:
    return WeaknessLine(
        one.kind, str(one.severity), one.path, one.layer, one.instruction, one.message, one.deleted, one.line
    )


def counts(findings: Iterable[Finding], without: frozenset[Key] = frozenset()) -> dict[str, int]:
    """How many of each severity, the worst first; one in several places counts once, and those of ``without`` not."""
    severities: dict[Key, Severity] = {}
    for finding in sorted(findings, key=_order):
        if _key(finding) not in without:
            severities.setdefault(_key(finding), finding.severity)
    found = Counter(severities.values())
    return {str(severity): found[severity] for severity in Severity}


def _key(finding: Finding) -> Key:
    """What makes a vulnerability one: the package in its version, wherever it lies, and the name."""
    package = finding.component.package
    return package.type, package.name, package.version, finding.id


def _keys(findings: Iterable[Finding]) -> frozenset[Key]:
    return frozenset(map(_key, findings))


def _order(finding: Finding) -> tuple[int, bool, str, str, str]:
    package = finding.component.package
    return finding.severity.rank, not finding.known_exploited, package.name, finding.id, finding.component.place


def _line(finding: Finding) -> FindingLine:
    component = finding.component
    package = component.package
    return FindingLine(
        finding.id, str(finding.severity), finding.severity_source, package.name, package.version, package.type,
        str(finding.fix), finding.fixed_in, component.place, component.layer, component.instruction,
        finding.known_exploited, finding.epss, finding.aliases, finding.summary, finding.suppressed,
    )  # fmt: skip


def _with_database(security: Security, info: DatabaseInfo | None) -> Security:
    if info is None:
        return security
    dates = {source.name: source.date for source in info.sources}
    return replace(security, database=info.built, database_age_days=round(info.age_days, 1), sources=dates)
