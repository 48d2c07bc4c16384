"""From scans to what a report says: one vulnerability counts once, in however many places it lies."""

from __future__ import annotations

from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Package
from jettison.report.security import summary
from jettison.security.model import Compared, Finding, Fix, Scan, Severity


def found(name: str, version: str, path: str, severity: Severity = Severity.HIGH) -> Finding:
    package = Package("golang", name, version, files=frozenset({path}), records=frozenset({path}))
    return Finding(Component(package), "CVE-2024-1", (), severity, "GHSA", Fix.FIXED, "2")


HERE, THERE, OTHER = found("stdlib", "1.19", "/a"), found("stdlib", "1.19", "/b"), found("stdlib", "1.20", "/c")


def scan(*findings: Finding) -> Scan:
    return Scan("app", Inventory(tuple(finding.component for finding in findings)), findings)


def test_places_are_listed_and_counted_once() -> None:
    side = summary.side(scan(HERE, THERE, OTHER))
    assert (side.counts["high"], side.fixable) == (2, 2)
    assert [line.path for line in side.findings] == ["/a", "/b", "/c"]


def test_what_goes_from_one_place_and_stays_in_another_remains() -> None:
    compared = Compared(scan(HERE, THERE, OTHER), scan(THERE), removed=(HERE, OTHER), remaining=(THERE,))
    security = summary.of_two(compared)
    assert security.before is not None
    assert (security.before.counts["high"], security.removed["high"], security.remaining["high"]) == (2, 1, 1)
    assert sum(security.cannot_tell.values()) == 0


def test_what_cannot_be_told_in_one_place_was_not_removed() -> None:
    compared = Compared(scan(HERE, THERE), scan(), removed=(HERE,), cannot_tell=(THERE,))
    security = summary.of_two(compared)
    assert (security.removed["high"], security.cannot_tell["high"]) == (0, 1)
