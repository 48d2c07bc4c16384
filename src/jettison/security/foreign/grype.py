"""Grype's JSON (``-o json``): matches, each with the artifact that it hits; of the others it names none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jettison.packages.inventory import Component
from jettison.security.foreign import parts, syft
from jettison.security.foreign.parts import dicts, text
from jettison.security.model import Finding, Fix, Scan

#: ``fix.state``.
_FIXES = {"fixed": Fix.FIXED, "wont-fix": Fix.WILL_NOT_FIX}


def recognised(told: dict[str, Any]) -> bool:
    """Whether it is one."""
    return isinstance(told.get("matches"), list) and "descriptor" in told


def read(told: dict[str, Any], name: str) -> Scan:
    """The scan, which says that packages that nothing hits are not in it."""
    by = syft.author(told)
    findings = [_finding(row) for row in dicts(told["matches"])]
    ignored = [_finding(row, _why(row)) for row in dicts(told.get("ignoredMatches"))]
    components = [finding.component for finding in (*findings, *ignored)]
    return parts.scan(
        syft.target(told) or name, by, components, syft.distribution(told.get("distro")), findings, ignored,
        [f"{by} lists no packages but those that something hits"],
    )  # fmt: skip


def _finding(row: dict[str, Any], suppressed: str = "") -> Finding:
    told, related = row["vulnerability"], dicts(row.get("relatedVulnerabilities"))
    names = sorted({text(told["id"]), *(text(each.get("id")) for each in related)} - {""},
                   key=lambda name: (not name.startswith("CVE-"), name))  # fmt: skip
    fix = told.get("fix") if isinstance(told.get("fix"), dict) else {}
    fixed = ", ".join(text(each) for each in fix.get("versions") or ())
    state = _FIXES.get(text(fix.get("state")), Fix.FIXED if fixed else Fix.UNFIXED)
    return Finding(
        Component(syft.package(row["artifact"])), names[0], tuple(names[1:]), parts.severity(told.get("severity")),
        text(told.get("namespace")), state, fixed, cvss=next(_vectors([told, *related]), ""),
        known_exploited=bool(told.get("knownExploited")), epss=_epss(told), source=text(told.get("namespace")),
        summary=text(told.get("description")), suppressed=suppressed,
    )  # fmt: skip


def _vectors(told: list[dict[str, Any]]) -> Iterator[str]:
    yield from (text(each["vector"]) for one in told for each in dicts(one.get("cvss")) if each.get("vector"))


def _epss(told: dict[str, Any]) -> float | None:
    rows = dicts(told.get("epss"))
    value = rows[0].get("epss") if rows else None
    return float(value) if isinstance(value, int | float) else None


def _why(row: dict[str, Any]) -> str:
    """``appliedIgnoreRules``: a VEX status, or a rule of the user's."""
    rule: dict[str, Any] = next(iter(dicts(row.get("appliedIgnoreRules"))), {})
    said = text(rule.get("vex-justification") or rule.get("vex-status") or rule.get("reason"))
    return f"ignored: {said}" if said else "ignored"
