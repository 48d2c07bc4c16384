"""CycloneDX 1.6 as JSON, written by the specification's own library."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component as Entry
from cyclonedx.model.component import ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.tool import ToolRepository
from cyclonedx.model.vulnerability import (
    BomTarget,
    Vulnerability,
    VulnerabilityRating,
    VulnerabilityScoreSource,
    VulnerabilitySeverity,
    VulnerabilitySource,
)
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

import jettison
from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.security.model import Finding, Severity
from jettison.security.sbom.documents import clean, named, owned, when

MEDIA_TYPE = "application/vnd.cyclonedx+json"
#: Serial numbers are made from the content in this name space.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/jettison")
_ROOT = "image"
#: CycloneDX has no severity for what a distribution calls negligible.
_SEVERITY = {Severity.NEGLIGIBLE: "info"}


def write(
    name: str,
    inventory: Inventory,
    *,
    digest: str = "",
    epoch: int | None = None,
    findings: Sequence[Finding] = (),
) -> bytes:
    """The inventory of the image ``name`` as a document; the same input gives the same bytes.

    ``epoch`` is its time in seconds, SOURCE_DATE_EPOCH or 0 by default.
    """
    image = Entry(name=clean(name), type=ComponentType.CONTAINER, bom_ref=_ROOT, version=digest or None)
    found = named(inventory)
    held = owned(found)
    entries = [_entry(*row, held.get(row[0], "")) for row in found]
    if inventory.distribution:
        entries.append(_system(inventory.distribution))
    tool = Entry(name="jettison", type=ComponentType.APPLICATION, version=jettison.__version__, bom_ref="jettison")
    document = Bom(
        serial_number=_SPACE,
        metadata=BomMetaData(
            timestamp=when(epoch), component=image, tools=ToolRepository(components=[tool]),
            properties=_unknown(inventory),
        ),
        components=entries,
        dependencies=_dependencies(image, entries, held),
        vulnerabilities=_vulnerabilities(findings, found),
    )  # fmt: skip
    value = json.loads(JsonV1Dot6(document).output_as_string())
    content = json.dumps(value, sort_keys=True)
    value["serialNumber"] = f"urn:uuid:{uuid.uuid5(_SPACE, content)}"
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _entry(reference: str, url: str, component: Component, owner: str) -> Entry:
    package = component.package
    said = {
        "jettison:place": component.place,
        "jettison:layer": str(component.layer),
        "jettison:instruction": component.instruction,
        "jettison:owner": owner,
    }
    return Entry(
        name=clean(package.name),
        version=clean(package.version) or None,
        type=ComponentType.APPLICATION if package.type == "generic" else ComponentType.LIBRARY,
        bom_ref=reference,
        purl=PackageURL.from_string(url) if url else None,
        properties=[Property(name=key, value=clean(value)) for key, value in said.items() if value],
    )


def _system(found: Distribution) -> Entry:
    said = {"jettison:like": " ".join(found.like), "jettison:codename": found.codename}
    return Entry(
        name=clean(found.id), version=clean(found.version) or None, description=clean(found.name) or None,
        type=ComponentType.OPERATING_SYSTEM, bom_ref=clean(f"os:{found.id}@{found.version}"),
        properties=[Property(name=key, value=clean(value)) for key, value in said.items() if value],
    )  # fmt: skip


def _unknown(inventory: Inventory) -> list[Property]:
    """What is missing from the list, which a reader has to know."""
    gaps = [Property(name="jettison:gap", value=clean(f"{gap.reason}\n{gap.path}")) for gap in inventory.gaps]
    return gaps + [
        Property(name="jettison:unowned", value=clean(f"{file.kind} {file.bytes} {file.path}"))
        for file in inventory.unowned
    ]


def _dependencies(image: Entry, entries: Sequence[Entry], held: Mapping[str, str]) -> list[Dependency]:
    """The image depends on all; a distribution's package on what its files hold."""
    known = {str(entry.bom_ref.value): entry.bom_ref for entry in entries}
    below: dict[str, list[Dependency]] = {}
    for reference, owner in held.items():
        below.setdefault(owner, []).append(Dependency(known[reference]))
    everything = [Dependency(entry.bom_ref) for entry in entries]
    return [Dependency(image.bom_ref, everything), *(Dependency(known[key], rows) for key, rows in below.items())]


def _vulnerabilities(findings: Iterable[Finding], found: Iterable[tuple[str, str, Component]]) -> list[Vulnerability]:
    references: dict[tuple[str, ...], str] = {
        (*component.key, component.place): reference for reference, _, component in found
    }
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.id, finding.source), []).append(finding)
    return [_vulnerability(rows, references) for _, rows in sorted(grouped.items())]


def _vulnerability(rows: Sequence[Finding], references: Mapping[tuple[str, ...], str]) -> Vulnerability:
    first = min(rows, key=lambda row: row.severity.rank)
    keys = [(*row.component.key, row.component.place) for row in rows]
    return Vulnerability(
        bom_ref=clean(f"{first.id}|{first.source}"),
        id=clean(first.id),
        source=VulnerabilitySource(name=clean(first.source)) if first.source else None,
        ratings=[_rating(first)],
        description=clean(first.summary) or None,
        affects=[BomTarget(ref=references[key]) for key in dict.fromkeys(keys) if key in references],
        recommendation=_recommendation(rows),
    )


def _rating(finding: Finding) -> VulnerabilityRating:
    vector = finding.cvss if finding.cvss.startswith("CVSS:") else ""
    return VulnerabilityRating(
        source=VulnerabilitySource(name=clean(finding.severity_source)) if finding.severity_source else None,
        severity=VulnerabilitySeverity(_SEVERITY.get(finding.severity, finding.severity.value)),
        score=_score(finding.cvss),
        method=VulnerabilityScoreSource.get_from_vector(vector) if vector else None,
        vector=vector or None,
    )


def _score(text: str) -> Decimal | None:
    """A score where ``text`` is one, not a vector."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _recommendation(rows: Iterable[Finding]) -> str | None:
    fixed = sorted({f"{row.component.package.name} {row.fixed_in}" for row in rows if row.fixed_in})
    return clean(f"Update to {', '.join(fixed)}") if fixed else None
