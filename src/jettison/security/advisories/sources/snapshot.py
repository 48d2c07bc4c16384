"""Our compact snapshot: one JSON object a line, in short keys (docs/advisories.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from jettison.security.advisories import names, severity
from jettison.security.advisories.jsonstream import lines, loads
from jettison.security.advisories.sources.lists import texts
from jettison.security.advisories.sources.osv import INFORMATIONAL
from jettison.security.advisories.sources.overlays import KEV
from jettison.security.advisories.values import Exploited, Item, Origin, Skipped
from jettison.security.model import Advisory, Fix, Range, Severity

#: Bytes of LICENSES.md that are read.
_PAGE = 1 << 20
#: A line of LICENSES.md beside the snapshot: what it was made from, as of when, under which licence.
_PROVENANCE = re.compile(r"([\w-]+)[\w.]*: \S+@[0-9a-f]+ \(([^)]*)\) ([^(]+)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: Ecosystem -> publisher, where a severity may be the publisher's own.
_PUBLISHERS = {
    "AlmaLinux": "AlmaLinux", "Bitnami": "Bitnami", "Go": "Go", "PyPI": "PyPA", "crates.io": "RustSec",
    "RubyGems": "ruby-advisory-db", "ruby": "ruby-advisory-db", "Packagist": "FriendsOfPHP",
    "npm": "Node.js Security WG", "node": "Node.js Security WG", "Debian": "Debian changelogs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file of the snapshot was made from: its date (ISO 8601) and licence, empty where nothing says it."""

    date: str = ""
    licence: str = ""


def recognised(record: Any) -> bool:
    """Whether it is a line of the snapshot: of an ecosystem's package, or of the catalogue of exploited CVEs."""
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        return False
    return all(isinstance(record.get(key), str) for key in ("e", "p")) or "due" in record


def provenance(name: str, directory: Path | None) -> Provenance | None:
    """What ``LICENSES.md`` beside the file says of it; ``None`` without such a page.

    ``name`` is the file's, of which the first word counts.
    """
    page = directory / "LICENSES.md" if directory else None
    if page is None or not page.is_file():
        return None
    for told in page.read_bytes()[:_PAGE].decode("utf-8", "replace").splitlines():
        found = _PROVENANCE.match(told)
        if found and found[1] == name.partition(".")[0]:
            return Provenance(found[2] if _DATE.fullmatch(found[2]) else "", found[3].strip())
    return Provenance()


def read(stream: BinaryIO, known: Provenance) -> Iterator[Item]:
    """An advisory for each package; lines that follow each other and differ in their ranges alone are one."""
    before: Advisory | None = None
    told = ""
    for line in lines(stream):
        record = loads(line)
        if not recognised(record):
            raise ValueError("a line is no record of the snapshot")
        name = _PUBLISHERS.get(names.family(record["e"]), record["e"]) if "e" in record else KEV
        if name != told:
            told = name
            yield Origin(name, known.date, known.licence)
        if "e" not in record:
            yield Exploited(record["id"])
        elif record.get("info") in INFORMATIONAL:
            yield Skipped("no vulnerability")
        else:
            advisory = _advisory(record, name)
            if before is not None and replace(before, ranges=advisory.ranges) == advisory:
                before = replace(before, ranges=(*before.ranges, *advisory.ranges))
                continue
            if before is not None:
                yield before
            before = advisory
    if before is not None:
        yield before


def _advisory(record: dict[str, Any], source: str) -> Advisory:
    ecosystem = names.ecosystem(record["e"])
    cvss = record["c"] if isinstance(record.get("c"), str) else ""
    how, by = _severity(record, cvss, source)
    return Advisory(
        id=_identifier(record),
        ecosystem=ecosystem,
        package=names.package(ecosystem, record["p"]),
        aliases=tuple(dict.fromkeys(texts(record.get("al")))),
        ranges=_ranges(record),
        versions=texts(record.get("v")),
        vulnerable=(*texts(record.get("vul")), *(",".join(texts(each)) for each in _lists(record.get("br")))),
        patched=texts(record.get("patched")),
        unaffected=texts(record.get("unaff")),
        severity=how,
        severity_source=by,
        cvss=cvss,
        fix=Fix.FIXED if "f" in record else None,
        source=source,
        summary=record["info"] if isinstance(record.get("info"), str) else "",
    )


def _ranges(record: dict[str, Any]) -> tuple[Range, ...]:
    """``r`` has [introduced, fixed, last affected]; ``f`` is the version that fixed it."""
    if "f" in record:
        return (Range(fixed=str(record["f"])),)
    return tuple(Range(*(str(each or "") for each in interval[:3])) for interval in _lists(record.get("r")) if interval)


def _lists(value: Any) -> list[list[Any]]:
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []


def _severity(record: dict[str, Any], cvss: str, source: str) -> tuple[Severity, str]:
    """``s``, which where there is a vector was computed from it. ``u`` is how urgent an upload was: no severity."""
    if cvss and (found := severity.vector(cvss))[1]:
        return found
    said = severity.word(record.get("s"))
    return said, source if said is not Severity.UNKNOWN else ""


def _identifier(record: dict[str, Any]) -> str:
    """Of a record without one: its CVE, or one made of what it says, which stays the same in the next snapshot."""
    if record["id"] != "?":
        return str(record["id"])
    for name in texts(record.get("al")):
        if names.is_cve(name):
            return name
    content = "\n".join(str(record.get(key)) for key in ("p", "vul", "patched", "r"))
    return f"NSWG-{record['p']}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
