"""Trivy's JSON (``--format json``), SchemaVersion 2: trivy.dev, "Reporting"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.packages.model import Package
from jettison.security.foreign import parts
from jettison.security.foreign.parts import dicts, text
from jettison.security.model import Finding, Fix, Scan

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
    itself = told.get("Trivy")
    by = f"trivy {text(itself.get('Version'))}".rstrip() if isinstance(itself, dict) else "trivy"
    components: list[Component] = []
    findings: list[Finding] = []
    suppressed: list[Finding] = []
    results = dicts(told.get("Results"))
    for result in results:
        listed = [Component(_package(result, row)) for row in dicts(result.get("Packages"))]
        known = {_same(component): component for component in listed}
        found = [_finding(result, row) for row in dicts(result.get("Vulnerabilities"))]
        findings += _placed(found, known)
        suppressed += _placed(list(_suppressed(result)), known)
        components += known.values()
    alone = [] if any(result.get("Packages") for result in results) else [_ALONE.format(by)]
    artifact = text(told.get("ArtifactName")) or name
    return parts.scan(artifact, by, components, _distribution(told), findings, suppressed, alone)


def _same(component: Component) -> tuple[str, str, str]:
    return component.package.name, component.package.version, component.place


def _placed(findings: list[Finding], known: dict[tuple[str, str, str], Component]) -> list[Finding]:
    """The findings at the components that are listed; those of others are added to ``known``."""
    return [replace(each, component=known.setdefault(_same(each.component), each.component)) for each in findings]


def _distribution(told: dict[str, Any]) -> Distribution | None:
    metadata = told.get("Metadata")
    system = metadata.get("OS") if isinstance(metadata, dict) else None
    family = text(system.get("Family")) if isinstance(system, dict) else ""
    if not isinstance(system, dict) or family in ("", "none"):
        return None
    return Distribution(_FAMILIES.get(family, family), text(system.get("Name")))


def _package(result: dict[str, Any], row: dict[str, Any]) -> Package:
    version, source = _joined(row, ""), _joined(row, "Src")
    return _named(result, row, text(row.get("Name")), version, text(row.get("SrcName")), source)


def _named(
    result: dict[str, Any], row: dict[str, Any], name: str, version: str, source: str = "", source_version: str = ""
) -> Package:
    """Jars and Go programs are named by the result's target, not by the package."""
    identifier = row.get("PkgIdentifier") or row.get("Identifier")
    purl = text(identifier.get("PURL")) if isinstance(identifier, dict) else ""
    place = text(row.get("FilePath") or row.get("PkgPath"))
    kind = _KINDS.get(text(result.get("Type")), "")
    if not place and kind in ("golang", "cargo"):
        place = text(result.get("Target"))
    return parts.package(purl, name, version, source=source, source_version=source_version, place=place, kind=kind)


def _joined(row: dict[str, Any], prefix: str) -> str:
    """``epoch:version-release``."""
    epoch, version = row.get(f"{prefix}Epoch"), text(row.get(f"{prefix}Version"))
    release = text(row.get(f"{prefix}Release"))
    return (f"{epoch}:" if epoch else "") + version + (f"-{release}" if release else "")


def _finding(result: dict[str, Any], row: dict[str, Any]) -> Finding:
    package = _named(result, row, text(row.get("PkgName")), text(row.get("InstalledVersion")))
    fixed = text(row.get("FixedVersion"))
    fix = _FIXES.get(text(row.get("Status")), Fix.FIXED if fixed else Fix.UNFIXED)
    aliases = tuple(text(each) for each in row.get("VendorIDs") or ())
    said = parts.severity(row.get("Severity"))
    return Finding(
        Component(package), text(row["VulnerabilityID"]), aliases, said, text(row.get("SeveritySource")), fix, fixed,
        cvss=next(_vectors(row), ""), source=_source(row), summary=text(row.get("Title")),
    )  # fmt: skip


def _vectors(row: dict[str, Any]) -> Iterator[str]:
    """The one of whoever gave the severity comes first."""
    told = row.get("CVSS")
    rows = told if isinstance(told, dict) else {}
    for name in sorted(rows, key=lambda name: (name != row.get("SeveritySource"), name)):
        vector = rows[name] if isinstance(rows[name], dict) else {}
        yield from filter(None, (text(vector.get(key)) for key in ("V40Vector", "V3Vector", "V2Vector")))


def _source(row: dict[str, Any]) -> str:
    source = row.get("DataSource")
    return text(source.get("Name")) if isinstance(source, dict) else ""


def _suppressed(result: dict[str, Any]) -> Iterator[Finding]:
    """``ExperimentalModifiedFindings`` (``--show-suppressed``)."""
    for row in dicts(result.get("ExperimentalModifiedFindings")):
        if row.get("Type") == "vulnerability" and isinstance(row.get("Finding"), dict):
            why = ": ".join(filter(None, (text(row.get("Source")), text(row.get("Statement") or row.get("Status")))))
            yield replace(_finding(result, row["Finding"]), suppressed=why or "suppressed")
