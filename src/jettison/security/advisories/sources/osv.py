"""Records of the Open Source Vulnerability format (OSV schema 1.x), as osv.dev and GitHub publish them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from jettison.security.advisories import names, severity
from jettison.security.advisories.jsonstream import loads
from jettison.security.advisories.parts import MEMBER
from jettison.security.advisories.sources.events import intervals
from jettison.security.advisories.sources.lists import dicts, line, texts
from jettison.security.advisories.sources.publishers import publisher
from jettison.security.advisories.values import Item, Origin, Skipped
from jettison.security.model import Advisory, Fix, Range, Severity

#: Red Hat's kin begin the summary with it: "Important: kernel security update".
_SUMMARY = re.compile(r"(Critical|Important|Moderate|Low): ")
_KNOWN = re.compile(r"<= *(\S+)")
#: Not vulnerabilities (RustSec's ``informational``).
INFORMATIONAL = frozenset({"unmaintained", "notice"})


def recognised(record: Any) -> bool:
    """Whether it is an OSV record: ``id`` and ``modified`` are all that is required."""
    return isinstance(record, dict) and isinstance(record.get("id"), str) and isinstance(record.get("modified"), str)


def read(stream: BinaryIO) -> Iterator[Item]:
    """The advisories of the one record that ``stream`` has."""
    data = stream.read(MEMBER + 1)
    if len(data) > MEMBER:
        raise ValueError(f"it has more than {MEMBER} bytes")
    yield from records(loads(data))


def records(record: dict[str, Any]) -> Iterator[Item]:
    """One advisory for each package of each ecosystem that the record says is affected."""
    if record.get("withdrawn"):
        yield Skipped("withdrawn")
        return
    who = publisher(record["id"])
    yield Origin(who.name, str(record.get("modified", "")), who.licence)
    found: dict[tuple[str, str], Advisory] = {}
    for affected in dicts(record.get("affected")):
        if _informational(affected):
            yield Skipped("no vulnerability")
            continue
        advisory = _advisory(record, affected, who.name)
        if advisory is None:
            yield Skipped("without versions of a package")
            continue
        key = advisory.ecosystem, advisory.package
        found[key] = _joined(found[key], advisory) if key in found else advisory
    yield from found.values()


def _informational(affected: dict[str, Any]) -> bool:
    return _specific(affected, "informational") in INFORMATIONAL


def _advisory(record: dict[str, Any], affected: dict[str, Any], source: str) -> Advisory | None:
    named = affected.get("package")
    if not isinstance(named, dict) or not all(isinstance(named.get(key), str) for key in ("ecosystem", "name")):
        return None
    ecosystem = names.ecosystem(named["ecosystem"])
    ranges, versions = tuple(_ranges(affected, ecosystem)), texts(affected.get("versions"))
    if not ranges and not versions:
        return None
    cvss = _vector(affected) or _vector(record)
    how, by = _severity(record, affected, ecosystem, cvss, source)
    return Advisory(
        id=record["id"],
        ecosystem=ecosystem,
        package=names.package(ecosystem, named["name"]),
        aliases=_aliases(record, ecosystem),
        ranges=ranges,
        versions=versions,
        severity=how,
        severity_source=by,
        cvss=cvss,
        fix=Fix.WILL_NOT_FIX if _specific(affected, "urgency") == "end-of-life" else None,
        source=source,
        summary=line(record.get("summary") or record.get("details")),
        url=_url(record),
    )


def _joined(one: Advisory, two: Advisory) -> Advisory:
    from dataclasses import replace

    return replace(one, ranges=(*one.ranges, *two.ranges), versions=(*one.versions, *two.versions))


def _ranges(affected: dict[str, Any], ecosystem: str) -> Iterator[Range]:
    """Of every range but those of Git commits, which no package's version compares with."""
    specific = affected.get("database_specific")
    known = specific.get("last_known_affected_version_range") if isinstance(specific, dict) else None
    last = _KNOWN.fullmatch(known) if isinstance(known, str) else None
    for each in dicts(affected.get("ranges")):
        if each.get("type") != "GIT":
            yield from intervals(ecosystem, dicts(each.get("events")), last[1] if last else "")


def _aliases(record: dict[str, Any], ecosystem: str) -> tuple[str, ...]:
    """Other names. What a distribution's advisory mends is in ``upstream``, formerly in ``related``."""
    found = (*texts(record.get("aliases")), *texts(record.get("upstream")))
    if names.is_distribution(ecosystem) and not any(map(names.is_cve, (record["id"], *found))):
        found = (*found, *texts(record.get("related")))
    return tuple(dict.fromkeys(found))


def _severity(
    record: dict[str, Any], affected: dict[str, Any], ecosystem: str, cvss: str, source: str
) -> tuple[Severity, str]:
    """The publisher's own word, or what the vector says."""
    for text in (_typed(affected), _typed(record), *(_said(affected)), *(_said(record))):
        if (found := severity.word(text)) is not Severity.UNKNOWN:
            return found, source
    head = _SUMMARY.match(str(record.get("summary", ""))) if names.is_distribution(ecosystem) else None
    if head:
        return severity.word(head[1]), source
    return severity.vector(cvss) if cvss else (Severity.UNKNOWN, "")


def _typed(holder: dict[str, Any]) -> Any:
    """``severity[]`` of a type that is no vector: Ubuntu's priority."""
    return next((each.get("score") for each in dicts(holder.get("severity")) if each.get("type") == "Ubuntu"), None)


def _said(holder: dict[str, Any]) -> Iterator[Any]:
    for key in ("severity", "urgency", "ubuntu_priority"):
        yield _specific(holder, key)


def _specific(holder: dict[str, Any], key: str) -> Any:
    """What ``ecosystem_specific`` or ``database_specific`` has as ``key``."""
    for place in ("ecosystem_specific", "database_specific"):
        specific = holder.get(place)
        if isinstance(specific, dict) and specific.get(key) is not None:
            value = specific[key]
            return value if isinstance(value, str) else None
    return None


def _vector(holder: dict[str, Any]) -> str:
    """The vector of the newest CVSS version."""
    found = {str(each.get("type")): each.get("score") for each in dicts(holder.get("severity"))}
    for kind in ("CVSS_V4", "CVSS_V3", "CVSS_V2"):
        score = found.get(kind)
        if isinstance(score, str) and severity.vector(score)[1]:
            return score
    return ""


def _url(record: dict[str, Any]) -> str:
    """The advisory that the record refers to."""
    for each in dicts(record.get("references")):
        url = each.get("url")
        if each.get("type") == "ADVISORY" and isinstance(url, str) and url.startswith(("https://", "http://")):
            return url[:500]
    return ""
