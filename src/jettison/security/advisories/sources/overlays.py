"""What is known of CVEs as such: CISA's catalogue of exploited ones, EPSS, and our list of severities."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from jettison.security.advisories import names, severity
from jettison.security.advisories.jsonstream import members
from jettison.security.advisories.sources.lists import dicts
from jettison.security.advisories.values import Exploited, Item, Origin, Probability, Rated
from jettison.security.model import Severity

KEV = "CISA KEV"
EPSS = "EPSS"
#: What the list of severities calls those it was made from.
_WHOSE = {"alma": "AlmaLinux", "bitnami": "Bitnami", "ruby": "ruby-advisory-db", "rust": "RustSec"}
#: Bytes of a line; CISA's descriptions have up to 2,000 characters.
_LINE = 1 << 16


def kev_recognised(keys: set[str]) -> bool:
    """Whether an object with these members is CISA's catalogue."""
    return "vulnerabilities" in keys and bool(keys & {"catalogVersion", "dateReleased"})


def kev_json(stream: BinaryIO, modified: str) -> Iterator[Item]:
    """``known_exploited_vulnerabilities.json``."""
    date = modified
    for key, value in members(stream):
        if key == "dateReleased" and isinstance(value, str):
            date = value
        for each in dicts(value) if key == "vulnerabilities" else ():
            if isinstance(each.get("cveID"), str):
                yield Exploited(each["cveID"])
    yield Origin(KEV, date, "CC0-1.0")


def kev_csv(stream: BinaryIO, modified: str) -> Iterator[Item]:
    """The same as CSV."""
    yield Origin(KEV, modified, "CC0-1.0")
    for row in csv.DictReader(_lines(stream), strict=True):
        if names.is_cve(row.get("cveID") or ""):
            yield Exploited(row["cveID"])


def epss(stream: BinaryIO, modified: str) -> Iterator[Item]:
    """``epss_scores-….csv``: a comment with the model and the date, then ``cve,epss,percentile``."""
    lines = _lines(stream)
    first = next(lines, "")
    date = modified
    if first.startswith("#"):
        fields = dict(field.partition(":")[::2] for field in first[1:].strip().split(","))
        date = fields.get("score_date", modified)
        first = next(lines, "")
    yield Origin(EPSS, date)
    columns = first.strip().split(",")
    for row in csv.reader(lines):
        value = dict(zip(columns, row, strict=False))
        if names.is_cve(value.get("cve", "")):
            yield Probability(value["cve"], _share(value.get("epss", "")))


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(f"{text} is no probability")
    return value


def rated(stream: BinaryIO) -> Iterator[Item]:
    """Lines of ``CVE`` tab ``SEVERITY`` tab ``whose``."""
    yield Origin("CVE severities")
    for text in _lines(stream):
        cve, said, by = (*text.rstrip("\n").split("\t"), "", "")[:3]
        found = severity.word(said)
        if names.is_cve(cve) and found is not Severity.UNKNOWN:
            yield Rated(cve, found, _WHOSE.get(by, by[:40] or "another record"))


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines, of which none may be longer than ``_LINE`` bytes."""
    while found := stream.readline(_LINE):
        if len(found) == _LINE:
            raise ValueError(f"a line has more than {_LINE} bytes")
        yield found.decode("utf-8", "replace").removeprefix("\ufeff")
