"""From the entries of an SBOM to an inventory. What has no package URL cannot be looked up, which is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jettison.errors import InvalidInput
from jettison.packages.distribution import Distribution
from jettison.packages.inventory import Component, Inventory
from jettison.packages.model import Gap, Package
from jettison.packages.unowned import Unowned
from jettison.security.purl import distribution_of, package_of
from jettison.security.sbom.documents import MOST, load, mappings, words
from jettison.security.shapes import required, table
from jettison.security.shapes import rows as strict

#: CycloneDX in JSON: 1.2 was the first.
VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_UNSAID = "the SBOM names no distribution: whether it lacks the packages of one is not known"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: ``reference`` is its name within the document, ``owner`` that of the package that has its file."""

    reference: str
    name: str
    url: str
    place: str = ""
    layer: int = 0
    instruction: str = ""
    owner: str = ""


def inventory(
    rows: Iterable[Row],
    distribution: Distribution | None,
    gaps: Iterable[Gap] = (),
    unowned: Iterable[Unowned] = (),
    *,
    own: bool,
) -> Inventory:
    """The components of ``rows``, sorted. Without a ``distribution`` the one that most package URLs name.

    Only our ``own`` documents lack one for no other reason than that the image does.
    """
    found: dict[str, tuple[Row, Package]] = {}
    said, counted = list(gaps), dict[Distribution, int]()
    for row in rows:
        try:
            package = package_of(row.url)
        except InvalidInput:
            said.append(Gap(row.place or row.name, "its entry in the SBOM has no package URL that can be read"))
            continue
        if package.is_distribution and (named := distribution_of(row.url)):
            counted[named] = counted.get(named, 0) + 1
        found.setdefault(row.reference or f"{row.url}|{row.place}", (row, _placed(package, row.place)))
    components = [_component(row, package, found) for row, package in found.values()]
    components.sort(key=lambda component: (component.key, component.place))
    if distribution is None and counted:
        distribution = max(counted, key=lambda named: (counted[named], named.id, named.version))
    unsaid = () if own or distribution else (_UNSAID,)
    return Inventory(tuple(components), distribution, tuple(said), tuple(unowned), unsaid)


def _placed(package: Package, place: str) -> Package:
    if not place:
        return package
    records = frozenset((place,))
    return replace(package, records=records, files=frozenset() if package.is_distribution else records)


def _component(row: Row, package: Package, found: Mapping[str, tuple[Row, Package]]) -> Component:
    owner = found[row.owner][1] if row.owner in found and not package.is_distribution else None
    return Component(package, row.layer, row.instruction, owner if owner and owner.is_distribution else None)


def number(text: str) -> int:
    """A layer's number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def from_cyclonedx(data: bytes, name: str) -> Inventory:
    """The inventory in a CycloneDX document, JSON of any of ``VERSIONS``. Raises ``InvalidInput``."""
    document = load(data, name)
    if (version := document.get("specVersion")) not in VERSIONS:
        raise InvalidInput(f"cannot read {name}: its specVersion is {str(version)[:20]!r}, none of {_either(VERSIONS)}")
    try:
        entries, metadata = list(_entries(document, name)), table(document, "metadata")
        said = strict(metadata, "properties")
    except ValueError as error:
        raise InvalidInput(f"cannot read {name}: {error}") from error
    system = next((entry for entry in entries if entry.get("type") == "operating-system"), None)
    rows = (_row(entry) for entry in entries if _is_package(entry))
    found = _distribution(system) if system else None
    return inventory(rows, found, _gaps(said), _unowned(said), own=_is_ours(metadata))


def _either(versions: Iterable[str]) -> str:
    *others, last = versions
    return f"{', '.join(others)} and {last}"


def _is_ours(metadata: Mapping[str, Any]) -> bool:
    tools = metadata.get("tools")
    listed = tools.get("components") if isinstance(tools, dict) else None
    return any(tool.get("name") == "jettison" for tool in mappings(listed))


def _entries(document: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """All components, also those within components. Raises ``ValueError`` for what is none."""
    waiting, count = [document], 0
    while waiting:
        for entry in strict(waiting.pop(), "components"):
            count += 1
            if count > MOST:
                raise InvalidInput(f"cannot read {name}: it has more than {MOST} components")
            required(entry, "type")
            waiting.append(entry)
            yield entry


def _is_package(entry: Mapping[str, Any]) -> bool:
    """A lock file, which Trivy lists as an application without a version, is none."""
    kind = entry.get("type")
    return bool(words(entry.get("purl"))) or kind in ("library", "framework") or (
        kind == "application" and bool(words(entry.get("version")))
    )  # fmt: skip


def _row(entry: Mapping[str, Any]) -> Row:
    said = _properties(entry)
    return Row(
        words(entry.get("bom-ref")),
        words(entry.get("name")),
        words(entry.get("purl")),
        said.get("jettison:place") or said.get("syft:location:0:path") or said.get("aquasecurity:trivy:FilePath", ""),
        number(said.get("jettison:layer", "")),
        said.get("jettison:instruction", ""),
        said.get("jettison:owner", ""),
    )


def _properties(entry: Mapping[str, Any]) -> dict[str, str]:
    return {words(item.get("name")): words(item.get("value")) for item in mappings(entry.get("properties"))}


def _distribution(entry: Mapping[str, Any]) -> Distribution | None:
    said = _properties(entry)
    identifier = said.get("syft:distro:id") or words(entry.get("name"))
    version = said.get("syft:distro:versionID") or words(entry.get("version"))
    like = said.get("jettison:like") or said.get("syft:distro:idLike:0", "")
    found = Distribution(
        identifier.lower(), version, words(entry.get("description")), tuple(like.split()),
        said.get("jettison:codename") or said.get("syft:distro:versionCodename", ""),
    )  # fmt: skip
    return found if identifier else None


def _gaps(said: Iterable[Mapping[str, Any]]) -> Iterator[Gap]:
    for item in said:
        if item.get("name") == "jettison:gap":
            reason, _, path = words(item.get("value")).partition("\n")
            yield Gap(path, reason)


def _unowned(said: Iterable[Mapping[str, Any]]) -> Iterator[Unowned]:
    for item in said:
        parts = words(item.get("value")).split(" ", 2)
        if item.get("name") == "jettison:unowned" and len(parts) == 3 and parts[1].isdecimal():
            yield Unowned(parts[2], parts[0], int(parts[1][:18]))
