"""Writing OpenVEX: what was taken out of an image, whole, cannot be attacked in it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from packageurl import PackageURL

from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component
from jettison.security.compare import findings_of
from jettison.security.model import Compared, Finding
from jettison.security.purl import purl
from jettison.security.vex.model import Status

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_AUTHOR = "jettison"


def write(compared: Compared) -> bytes:
    """An OpenVEX 0.2.0 document on the second image: one statement for each vulnerability of packages that are gone.

    A package of which a file is left is not stated. The same comparison gives the same bytes where SOURCE_DATE_EPOCH
    is set; the identifier is the digest of what is stated.
    """
    stated = _statements(compared)
    digest = hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()
    document = {
        "@context": _CONTEXT,
        "@id": f"urn:jettison:vex:sha256:{digest}",
        "author": _AUTHOR,
        "timestamp": _now(),
        "version": 1,
        "statements": stated,
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _statements(compared: Compared) -> list[dict[str, Any]]:
    before, after = compared.before.inventory, compared.after.inventory
    left = _purls(after.components, after.distribution) | _purls(after.components, before.distribution)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for finding in findings_of(compared.gone, (*compared.before.findings, *compared.before.suppressed)):
        named = _purl(finding.component, before.distribution)
        if named and named not in left:
            aliases, components = found.setdefault(finding.id, (set(), set()))
            aliases.update(_aliases(finding))
            components.add(named)
    product = _product(compared.after.image)
    return [_statement(name, aliases, product, components) for name, (aliases, components) in sorted(found.items())]


def _statement(name: str, aliases: Iterable[str], product: str, components: Iterable[str]) -> dict[str, Any]:
    inside = [{"@id": each} for each in sorted(components)]
    others = {"aliases": sorted(aliases)} if aliases else {}
    return {
        "vulnerability": {"name": name} | others,
        "products": [{"@id": product, "subcomponents": inside}],
        "status": Status.NOT_AFFECTED.value,
        "justification": "component_not_present",
    }


def _aliases(finding: Finding) -> Iterable[str]:
    """A distribution's advisory is about other vulnerabilities as well: only what names this one."""
    return (name for name in finding.aliases if name.startswith(("GHSA-", "GO-", "PYSEC-", "RUSTSEC-")))


def _purl(component: Component, distribution: Distribution | None) -> str:
    return purl(component.package, distribution) if component.package.version else ""


def _purls(components: Iterable[Component], distribution: Distribution | None) -> set[str]:
    return {_purl(component, distribution) for component in components}


def _product(image: str) -> str:
    """``pkg:oci`` with the last part of the repository (purl-types, oci); a file is its own name."""
    reference, _, digest = image.partition("@")
    path, _, last = reference.rpartition("/")
    name, _, tag = last.partition(":")
    if not name or image.startswith((".", "/")):
        return image
    repository = f"{path}/{name}" if path else ""
    qualifiers = {"repository_url": repository, "tag": tag or ("" if digest else "latest")}
    return PackageURL("oci", None, name.lower(), digest or None, qualifiers).to_string()


def _now() -> str:
    """Reproducible builds: SOURCE_DATE_EPOCH, seconds."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(said), UTC) if said.isdecimal() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
