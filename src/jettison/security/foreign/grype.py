"""Grype's JSON (``-o json``): matches, each with the artifact that it hits; of the others it names none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jettison.packages.inventory import Component
from jettison.security.foreign import parts, syft
from jettison.security.model import Finding, Fix, Scan
from jettison.security.shapes import required, rows, table, word, words

#: ``fix.state``.
_FIXES = {"fixed": Fix.FIXED, "wont-fix": Fix.WILL_NOT_FIX}


def recognised(told: dict[str, Any]) -> bool:
    """Whether it is one."""
    return isinstance(told.get("matches"), list) and "descriptor" in told


def read(told: dict[str, Any], name: str) -> Scan:
    """The scan, which says that packages that nothing hits are not in it."""
    by = syft.author(told)
    findings = [_finding(row) for row in rows(told, "matches")]
    ignored = [_finding(row, _why(row)) for row in rows(told, "ignoredMatches")]
    components = [finding.component for finding in (*findings, *ignored)]
    return parts.scan(
        syft.target(told) or name, by, components, syft.distribution(table(told, "distro")), findings, ignored,
        [f"{by} lists no packages but those that something hits"],
    )  # fmt: skip


def _finding(row: dict[str, Any], suppressed: str = "") -> Finding:
    told, related = table(row, "vulnerability"), rows(row, "relatedVulnerabilities")
    names = sorted({required(told, "id"), *(word(each, "id") for each in related)} - {""},
                   key=lambda name: (not name.startswith("CVE-"), name))  # fmt: skip
    fix, space = table(told, "fix"), word(told, "namespace")
    fixed = ", ".join(words(fix, "versions"))
    state = _FIXES.get(word(fix, "state"), Fix.FIXED if fixed else Fix.UNFIXED)
    return Finding(
        Component(syft.package(table(row, "artifact"))), names[0], tuple(names[1:]),
        parts.severity(word(told, "severity")), space, state, fixed, cvss=next(_vectors([told, *related]), ""),
        known_exploited=bool(told.get("knownExploited")), epss=_epss(told), source=space,
        summary=word(told, "description"), suppressed=suppressed,
    )  # fmt: skip


def _vectors(told: list[dict[str, Any]]) -> Iterator[str]:
    yield from filter(None, (word(each, "vector") for one in told for each in rows(one, "cvss")))


def _epss(told: dict[str, Any]) -> float | None:
    value = next((row.get("epss") for row in rows(told, "epss")), None)
    if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        raise ValueError("epss is no probability")
    return None if value is None else float(value)


def _why(row: dict[str, Any]) -> str:
    """``appliedIgnoreRules``: a VEX status, or a rule of the user's."""
    rule: dict[str, Any] = next(iter(rows(row, "appliedIgnoreRules")), {})
    said = word(rule, "vex-justification") or word(rule, "vex-status") or word(rule, "reason")
    return f"ignored: {said}" if said else "ignored"
