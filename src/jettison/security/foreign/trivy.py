"""Trivy's JSON (``--format json``), SchemaVersion 2: trivy.dev, "Reporting"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.foreign import parts
from jettison.security.model import Finding, Fix, Scan
from jettison.security.shapes import required, rows, table, word, words

#: ``Status`` of a vulnerability. ``end_of_life`` is of a release that gets no more fixes.
_FIXES = {
    "fixed": Fix.FIXED, "will_not_fix": Fix.WILL_NOT_FIX, "end_of_life": Fix.WILL_NOT_FIX,
    "not_affected": Fix.NOT_AFFECTED,
}  # fmt: skip
_ALONE = "{} lists no packages but those that something hits"
#: ``Family`` -> ``ID`` of os-release, where they differ.
_FAMILIES = {
    "redhat": "rhel", "alma": "almalinux", "opensuse.leap": "opensuse-leap", "suse linux enterprise server": "sles",
    "oracle": "ol", "amazon": "amzn",
}  # fmt: skip
#: ``Type`` of a result -> purl's, for packages without a purl.
_KINDS = {
    "node-pkg": "npm", "python-pkg": "pypi", "gemspec": "gem", "gobinary": "golang", "jar": "maven",
    "rustbinary": "cargo", "composer-vendor": "composer", "dotnet-core": "nuget", "debian": "deb", "ubuntu": "deb",
    "alpine": "apk", "wolfi": "apk", "chainguard": "apk", "redhat": "rpm", "alma": "rpm", "rocky": "rpm",
    "oracle": "rpm", "amazon": "rpm", "centos": "rpm", "fedora": "rpm",
}  # fmt: skip


def recognised(told: dict[str, Any]) -> bool:
    """Whether it is one."""
    return told.get("SchemaVersion") == 2 and "ArtifactName" in told


def read(told: dict[str, Any], name: str) -> Scan:
    """The scan. Without ``--list-all-pkgs`` Trivy names only packages that something hits."""
    by = f"trivy {word(table(told, 'Trivy'), 'Version')}".rstrip()
    components: list[Component] = []
    findings: list[Finding] = []
    results = rows(told, "Results")
    for result in results:
        listed = [Component(_package(result, row)) for row in rows(result, "Packages")]
        known = {_same(component): component for component in listed}
        found = [_finding(result, row) for row in rows(result, "Vulnerabilities")]
        findings += _placed([*found, *_suppressed(result)], known)
        components += known.values()
    alone = [] if any(result.get("Packages") for result in results) else [_ALONE.format(by)]
    counted = [finding for finding in findings if not finding.suppressed]
    suppressed = [finding for finding in findings if finding.suppressed]
    artifact = word(told, "ArtifactName") or name
    return parts.scan(artifact, by, components, _distribution(told), counted, suppressed, alone)


def _same(component: Component) -> tuple[str, str, str]:
    return component.package.name, component.package.version, component.place


def _placed(findings: list[Finding], known: dict[tuple[str, str, str], Component]) -> list[Finding]:
    """The findings at the components that are listed; those of others are added to ``known``."""
    return [replace(each, component=known.setdefault(_same(each.component), each.component)) for each in findings]


def _distribution(told: dict[str, Any]) -> Distribution | None:
    system = table(table(told, "Metadata"), "OS")
    family = word(system, "Family")
    return None if family in ("", "none") else Distribution(_FAMILIES.get(family, family), word(system, "Name"))


def _package(result: dict[str, Any], row: dict[str, Any]) -> Package:
    version, source = _joined(row, ""), _joined(row, "Src")
    return _named(result, row, required(row, "Name"), version, word(row, "SrcName"), source)


def _named(
    result: dict[str, Any], row: dict[str, Any], name: str, version: str, source: str = "", source_version: str = ""
) -> Package:
    """Jars and Go programs are named by the result's target, not by the package."""
    purl = word(table(row, "PkgIdentifier") or table(row, "Identifier"), "PURL")
    place = word(row, "FilePath") or word(row, "PkgPath")
    kind = _KINDS.get(word(result, "Type"), "")
    if not place and kind in ("golang", "cargo"):
        place = word(result, "Target")
    return parts.package(purl, name, version, source=source, source_version=source_version, place=place, kind=kind)


def _joined(row: dict[str, Any], prefix: str) -> str:
    """``epoch:version-release``."""
    epoch, release = row.get(f"{prefix}Epoch"), word(row, f"{prefix}Release")
    if epoch is not None and not isinstance(epoch, int):
        raise ValueError(f"{prefix}Epoch is no number")
    return (f"{epoch}:" if epoch else "") + word(row, f"{prefix}Version") + (f"-{release}" if release else "")


def _finding(result: dict[str, Any], row: dict[str, Any]) -> Finding:
    package = _named(result, row, required(row, "PkgName"), word(row, "InstalledVersion"))
    fixed, by = word(row, "FixedVersion"), word(row, "SeveritySource")
    fix = _FIXES.get(word(row, "Status"), Fix.FIXED if fixed else Fix.UNFIXED)
    source = word(table(row, "DataSource"), "Name")
    return Finding(
        Component(package), required(row, "VulnerabilityID"), tuple(words(row, "VendorIDs")),
        parts.severity(word(row, "Severity")), by, fix, fixed,
        cvss=next(_vectors(row), ""), source=source, summary=word(row, "Title"),
        suppressed=f"{source or by or 'Trivy'}: not affected" if fix is Fix.NOT_AFFECTED else "",
    )  # fmt: skip


def _vectors(row: dict[str, Any]) -> Iterator[str]:
    """The one of whoever gave the severity comes first."""
    told = table(row, "CVSS")
    for name in sorted(told, key=lambda name: (name != row.get("SeveritySource"), name)):
        vector = table(told, name)
        yield from filter(None, (word(vector, key) for key in ("V40Vector", "V3Vector", "V2Vector")))


def _suppressed(result: dict[str, Any]) -> Iterator[Finding]:
    """``ExperimentalModifiedFindings`` (``--show-suppressed``)."""
    for row in rows(result, "ExperimentalModifiedFindings"):
        if row.get("Type") == "vulnerability":
            why = ": ".join(filter(None, (word(row, "Source"), word(row, "Statement") or word(row, "Status"))))
            yield replace(_finding(result, table(row, "Finding")), suppressed=why or "suppressed")
