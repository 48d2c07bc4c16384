"""Reading OpenVEX 0.2.0 documents and CycloneDX ones with analyses of vulnerabilities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jettison.errors import InvalidInput
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
        if isinstance(told, dict) and "openvex" in str(told.get("@context", "")):
            return tuple(_openvex(told, name))
        if isinstance(told, dict) and told.get("bomFormat") == "CycloneDX":
            return tuple(_cyclonedx(told, name))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InvalidInput(f"cannot read VEX document {name}: {reason[:_SHOWN]}") from error
    raise InvalidInput(f"cannot read VEX document {name}: it is neither OpenVEX nor CycloneDX")


def _openvex(told: dict[str, Any], name: str) -> Iterator[Statement]:
    for each in told["statements"]:
        status = Status(each["status"])
        reason = each.get("justification") or each.get("impact_statement") or status
        when = each.get("timestamp") or told.get("timestamp") or ""
        targets = tuple(_product(product) for product in each.get("products") or ())
        yield Statement(name, _names(each["vulnerability"]), status, targets, _line(reason), _text(when))


def _names(told: Any) -> frozenset[str]:
    """An object with a name and aliases; up to version 0.0 a text."""
    if isinstance(told, str):
        return frozenset({told})
    found = [told.get("name") or told["@id"], *(told.get("aliases") or ())]
    return frozenset(map(_text, found))


def _product(told: Any) -> Target:
    if isinstance(told, str):
        return Target(told)
    inside = told.get("subcomponents") or ()
    components = tuple(each if isinstance(each, str) else _identifier(each) for each in inside)
    return Target(_identifier(told), components)


def _identifier(told: dict[str, Any]) -> str:
    identifiers = told.get("identifiers") or {}
    return _text(identifiers.get("purl") or told.get("@id") or "")


def _cyclonedx(told: dict[str, Any], name: str) -> Iterator[Statement]:
    """CycloneDX 1.6, ``vulnerabilities``: those without an analysis state nothing."""
    references = dict(_references(told))
    for each in told.get("vulnerabilities") or ():
        analysis = each.get("analysis") or {}
        if "state" not in analysis:
            continue
        if analysis["state"] not in _STATES:
            raise ValueError(f"analysis state {analysis['state']!r} is not known")
        names = [each["id"], *(other["id"] for other in each.get("references") or ())]
        reason = analysis.get("justification") or analysis.get("detail") or analysis["state"]
        when = analysis.get("lastUpdated") or (told.get("metadata") or {}).get("timestamp") or ""
        targets = tuple(target for part in each.get("affects") or () for target in _affected(part, references))
        status = _STATES[analysis["state"]]
        yield Statement(name, frozenset(map(_text, names)), status, targets, _line(reason), _text(when))


def _references(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """``bom-ref`` -> package URL, of the subject and of every component, also nested ones."""
    waiting = [(told.get("metadata") or {}).get("component") or {}, *(told.get("components") or ())]
    while waiting:
        each = waiting.pop()
        yield _text(each.get("bom-ref", "")), _text(each.get("purl") or each.get("name", ""))
        waiting += each.get("components") or ()


def _affected(part: dict[str, Any], references: dict[str, str]) -> Iterator[Target]:
    """A reference in this document, a BOM-Link into another one, or a package URL.

    Ranges of versions are not read: a part that has nothing else states nothing.
    """
    reference = _text(part["ref"])
    if reference.startswith("urn:cdx:"):
        reference = unquote(reference.partition("#")[2])
    rows = part.get("versions") or ()
    versions = tuple(_text(row["version"]) for row in rows if row.get("version"))
    if versions or not rows:
        yield Target(references.get(reference) or reference, versions=versions)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} stands where a text belongs")
    return value


def _line(value: Any) -> str:
    return " ".join(_text(value).split())[:_SHOWN]
