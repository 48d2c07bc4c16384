"""SPDX 2.3 as JSON (spdx.github.io/spdx-spec/v2.3): packages with their package URLs."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import jettison
from jettison.errors import InvalidInput
from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Gap
from jettison.packages.unowned import Unowned
from jettison.security.sbom.documents import MOST, clean, load, mappings, named, owned, when, words
from jettison.security.sbom.reading import Row, inventory, number
from jettison.security.shapes import required, rows

MEDIA_TYPE = "application/spdx+json"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://spdx.org/jettison")
_DOCUMENT, _ROOT, _SYSTEM = "SPDXRef-DOCUMENT", "SPDXRef-Image", "SPDXRef-OperatingSystem"
_NOBODY = "NOASSERTION"
_GAP, _UNOWNED = "not read: ", "of no package: "
_VERSION = re.compile(r"SPDX-2\.[0-3]")
#: What ``sourceInfo`` says of a package that was found here; Syft's ends in the path too.
_FOUND = re.compile(r"found at (?P<place>.*) in layer (?P<layer>\d+)(?:: (?P<instruction>.*))?", re.DOTALL)


def write(name: str, found: Inventory, *, digest: str = "", epoch: int | None = None) -> bytes:
    """The inventory of the image ``name`` as a document; the same input gives the same bytes.

    Every package is of the image (CONTAINS); one that is inside a file of another is of that one too. ``epoch`` is
    the time in seconds, SOURCE_DATE_EPOCH or 0 by default.
    """
    rows = named(found)
    packages = [_package(_ROOT, name, digest, purpose="CONTAINER")]
    if found.distribution:
        packages.append(_system(found.distribution))
    packages += [_component(*row) for row in rows]
    contained = [_relation(_ROOT, "CONTAINS", package["SPDXID"]) for package in packages[1:]]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": clean(name),
        "creationInfo": {
            "created": when(epoch).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: jettison-{jettison.__version__}"],
        },
        "packages": packages,
        "relationships": [_relation(_DOCUMENT, "DESCRIBES", _ROOT), *contained, *_inside(rows)],
    }
    if found.gaps or found.unowned:
        document["comment"] = clean("\n".join(_unknown(found)))
    content = json.dumps(document, sort_keys=True)
    document["documentNamespace"] = f"https://spdx.org/spdxdocs/jettison-{uuid.uuid5(_SPACE, content)}"
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _unknown(found: Inventory) -> Iterator[str]:
    """A line for each file of which the packages are not known."""
    yield from (f"{_GAP}{gap.path}: {gap.reason}" for gap in found.gaps)
    yield from (f"{_UNOWNED}{file.kind} {file.bytes} {file.path}" for file in found.unowned)


def _identifier(reference: str) -> str:
    return "SPDXRef-Package-" + hashlib.sha256(reference.encode()).hexdigest()[:20]


def _component(reference: str, url: str, component: Component) -> dict[str, Any]:
    package = component.package
    made = _package(_identifier(reference), package.name, package.version)
    said = f": {component.instruction}" if component.instruction else ""
    made["sourceInfo"] = clean(f"found at {component.place} in layer {component.layer}{said}")
    if url:
        reference_to = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}
        made["externalRefs"] = [reference_to]
    return made


def _system(found: Distribution) -> dict[str, Any]:
    made = _package(_SYSTEM, found.id, found.version, purpose="OPERATING-SYSTEM")
    made["description"] = clean(found.name or found.id)
    made["comment"] = json.dumps({"like": list(found.like), "codename": found.codename})
    return made


def _package(identifier: str, name: str, version: str, purpose: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"name": clean(name), "SPDXID": identifier}
    if version:
        made["versionInfo"] = clean(version)
    made |= {"downloadLocation": _NOBODY, "filesAnalyzed": False, "supplier": _NOBODY}
    made |= {"licenseConcluded": _NOBODY, "licenseDeclared": _NOBODY, "copyrightText": _NOBODY}
    return made | ({"primaryPackagePurpose": purpose} if purpose else {})


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _inside(rows: list[tuple[str, str, Component]]) -> Iterator[dict[str, str]]:
    for reference, owner in owned(rows).items():
        yield _relation(_identifier(owner), "CONTAINS", _identifier(reference))


def read(data: bytes, name: str = "SBOM") -> Inventory:
    """The inventory in an SPDX 2 document. Raises ``InvalidInput``."""
    document = load(data, name)
    if not _VERSION.fullmatch(version := words(document.get("spdxVersion"))):
        raise InvalidInput(f"cannot read {name}: {version[:20]!r} is not known, only SPDX-2.0 to SPDX-2.3")
    try:
        packages, relations = rows(document, "packages"), rows(document, "relationships")
        for package in packages:
            required(package, "name")
    except ValueError as error:
        raise InvalidInput(f"cannot read {name}: {error}") from error
    if len(packages) > MOST:
        raise InvalidInput(f"cannot read {name}: it has more than {MOST} packages")
    described = {words(r.get("relatedSpdxElement")) for r in relations if r.get("relationshipType") == "DESCRIBES"}
    system = next((p for p in packages if p.get("primaryPackagePurpose") == "OPERATING-SYSTEM"), None)
    own = _is_ours(document)
    holders, lines = (_holders(relations), words(document.get("comment")).splitlines()) if own else ({}, [])
    found = (_row(package, holders) for package in packages if _is_package(package, described))
    return inventory(found, _distribution(system) if system else None, _gaps(lines), _unowned(lines), own=own)


def _holders(relations: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Who contains what, but for the image, which contains everything."""
    pairs = (
        (words(r.get("relatedSpdxElement")), words(r.get("spdxElementId")))
        for r in relations
        if r.get("relationshipType") == "CONTAINS"
    )
    return {below: above for below, above in pairs if above != _ROOT}


def _is_ours(document: Mapping[str, Any]) -> bool:
    information = document.get("creationInfo")
    creators = information.get("creators") if isinstance(information, dict) else None
    return isinstance(creators, list) and any(words(tool).startswith("Tool: jettison") for tool in creators)


def _is_package(package: Mapping[str, Any], described: Container[str]) -> bool:
    """Neither what the document is about, nor a system, nor a file: unless it has a package URL of its own."""
    if _url(package):
        return package.get("primaryPackagePurpose") not in ("CONTAINER", "OPERATING-SYSTEM")
    other = package.get("primaryPackagePurpose") in ("CONTAINER", "OPERATING-SYSTEM", "FILE")
    return not other and words(package.get("SPDXID")) not in described and bool(words(package.get("versionInfo")))


def _row(package: Mapping[str, Any], holders: Mapping[str, str]) -> Row:
    identifier, said = words(package.get("SPDXID")), words(package.get("sourceInfo"))
    if found := _FOUND.fullmatch(said):
        place, layer, instruction = found["place"], number(found["layer"]), found["instruction"] or ""
    else:
        path = said.rpartition(": ")[2].partition(",")[0]
        place, layer, instruction = path if path.startswith("/") else "", 0, ""
    owner = holders.get(identifier, "")
    return Row(identifier, words(package.get("name")), _url(package), place, layer, instruction, owner)


def _url(package: Mapping[str, Any]) -> str:
    references = mappings(package.get("externalRefs"))
    return next((words(r.get("referenceLocator")) for r in references if r.get("referenceType") == "purl"), "")


def _distribution(package: Mapping[str, Any]) -> Distribution | None:
    try:
        said = json.loads(words(package.get("comment")) or "{}")
        like, codename = tuple(map(str, said.get("like", ()))), words(said.get("codename"))
    except (ValueError, AttributeError, TypeError, RecursionError):
        like, codename = (), ""
    identifier, version = words(package.get("name")), words(package.get("versionInfo"))
    if not identifier:
        return None
    return Distribution(identifier.lower(), version, words(package.get("description")), like, codename)


def _gaps(lines: Iterable[str]) -> Iterator[Gap]:
    for line in lines:
        if line.startswith(_GAP):
            path, _, reason = line.removeprefix(_GAP).partition(": ")
            yield Gap(path, reason)


def _unowned(lines: Iterable[str]) -> Iterator[Unowned]:
    for line in lines:
        kind, size, path = (*line.removeprefix(_UNOWNED).split(" ", 2), "", "")[:3]
        if line.startswith(_UNOWNED) and size.isdecimal() and path:
            yield Unowned(path, kind, int(size[:18]))
