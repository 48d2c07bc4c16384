"""Reading OpenVEX 0.2.0 documents and CycloneDX ones with analyses of vulnerabilities."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jettison.errors import InvalidInput
from jettison.security.shapes import required, rows, table, word, words
from jettison.security.vex.model import Statement, Status, Target

#: Bytes.
LIMIT = 64 << 20
#: CycloneDX ``analysis.state`` -> status.
_STATES = {
    "resolved": Status.FIXED, "resolved_with_pedigree": Status.FIXED, "exploitable": Status.AFFECTED,
    "in_triage": Status.UNDER_INVESTIGATION, "false_positive": Status.NOT_AFFECTED,
    "not_affected": Status.NOT_AFFECTED,
}  # fmt: skip
#: The longest text that is shown.
_SHOWN = 200


def read(path: Path) -> tuple[Statement, ...]:
    """The statements of a file. Raises ``InvalidInput`` naming it."""
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise InvalidInput(f"cannot read VEX document {path}: {error.strerror}") from error
    return parse(content, path.name)


def parse(content: bytes, name: str) -> tuple[Statement, ...]:
    """The same of what was read already; ``name`` is what findings and errors say."""
    try:
        if len(content) > LIMIT:
            raise ValueError(f"more than {LIMIT} bytes")
        told = json.loads(content)
        if isinstance(told, dict) and "openvex" in str(told.get("@context")):
            return tuple(_openvex(told, name))
        if isinstance(told, dict) and told.get("bomFormat") == "CycloneDX":
            return tuple(_cyclonedx(told, name))
    except RecursionError:
        raise InvalidInput(f"cannot read VEX document {name}: it is nested too deeply") from None
    except ValueError as error:
        raise InvalidInput(f"cannot read VEX document {name}: {str(error)[:_SHOWN]}") from error
    raise InvalidInput(f"cannot read VEX document {name}: it is neither OpenVEX nor CycloneDX")


def _openvex(told: dict[str, Any], name: str) -> Iterator[Statement]:
    if told.get("statements") is None:
        raise ValueError("statements is missing")
    for each in rows(told, "statements"):
        status = _known(each, "status", {known.value: known for known in Status})
        reason = word(each, "justification") or word(each, "impact_statement") or status
        when = word(each, "timestamp") or word(told, "timestamp")
        targets = tuple(_product(product) for product in _mixed(each, "products"))
        yield Statement(name, _names(each), status, targets, _line(reason), when)


def _known(holder: dict[str, Any], key: str, known: Mapping[str, Status]) -> Status:
    said = required(holder, key)
    if said not in known:
        raise ValueError(f"{key} {said[:40]!r} is not known")
    return known[said]


def _mixed(holder: dict[str, Any], key: str) -> list[Any]:
    """Texts and objects: in OpenVEX before 0.2 a product was its identifier alone."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str | dict) for each in value):
        raise ValueError(f"{key} is no list of texts and objects")
    return value


def _names(statement: dict[str, Any]) -> frozenset[str]:
    """An object with a name and aliases; up to version 0.0 a text."""
    if isinstance(statement.get("vulnerability"), str):
        return frozenset({required(statement, "vulnerability")})
    told = table(statement, "vulnerability")
    found = word(told, "name") or word(told, "@id")
    if not found:
        raise ValueError("vulnerability has no name")
    return frozenset((found, *words(told, "aliases")))


def _product(told: Any) -> Target:
    if isinstance(told, str):
        return Target(told)
    return Target(_identifier(told), tuple(map(_identifier, _mixed(told, "subcomponents"))))


def _identifier(told: Any) -> str:
    if isinstance(told, str):
        return told
    return word(table(told, "identifiers"), "purl") or word(told, "@id")


def _cyclonedx(told: dict[str, Any], name: str) -> Iterator[Statement]:
    """CycloneDX 1.6, ``vulnerabilities``: those without an analysis state nothing."""
    references = dict(_references(told))
    written = word(table(told, "metadata"), "timestamp")
    for each in rows(told, "vulnerabilities"):
        analysis = table(each, "analysis")
        if "state" not in analysis:
            continue
        status = _known(analysis, "state", _STATES)
        names = (required(each, "id"), *(required(other, "id") for other in rows(each, "references")))
        reason = word(analysis, "justification") or word(analysis, "detail") or word(analysis, "state")
        targets = tuple(target for part in rows(each, "affects") for target in _affected(part, references))
        when = word(analysis, "lastUpdated") or written
        yield Statement(name, frozenset(names), status, targets, _line(reason), when)


def _references(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """``bom-ref`` -> package URL, of the subject and of every component, also nested ones."""
    waiting = [table(table(told, "metadata"), "component"), *rows(told, "components")]
    while waiting:
        each = waiting.pop()
        yield word(each, "bom-ref"), word(each, "purl") or word(each, "name")
        waiting += rows(each, "components")


def _affected(part: dict[str, Any], references: dict[str, str]) -> Iterator[Target]:
    """A reference in this document, a BOM-Link into another one, or a package URL.

    Ranges of versions are not read: a part that has nothing else states nothing.
    """
    reference = required(part, "ref")
    if reference.startswith("urn:cdx:"):
        reference = unquote(reference.partition("#")[2])
    told = rows(part, "versions")
    versions = tuple(filter(None, (word(row, "version") for row in told)))
    if versions or not told:
        yield Target(references.get(reference) or reference, versions=versions)


def _line(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
