"""What differs between two runs of one program without meaning anything: times, ids, ports, processes."""

from __future__ import annotations

import re

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_CLOCK = r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?"
_ZONE = r"(?:[A-Z]{3,4}(?:[+-]\d{4})?|[+-]\d{4})"

#: (what it is called in the normal form, how it is recognised), a longer form before its parts.
_FORMS = (
    ("uuid", r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    ("date", rf"(?:{_DAYS})[a-z]*,? \d{{1,2}}[ -](?:{_MONTHS})[a-z]*[ -]\d{{2,4}} {_CLOCK}(?: {_ZONE})?"),
    ("date", rf"(?:{_DAYS}) (?:{_MONTHS}) +\d{{1,2}} {_CLOCK}(?: [AP]M)?(?: {_ZONE})? \d{{4}}"),
    ("date", rf"(?:{_DAYS}) (?:{_MONTHS}) +\d{{1,2}} \d{{4}}(?: {_CLOCK}(?: {_ZONE}(?: \([^)]*\))?)?)?"),
    ("date", rf"\d{{1,2}}/(?:{_MONTHS})/\d{{4}}:{_CLOCK}(?: {_ZONE})?"),
    ("date", rf"\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]{_CLOCK})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"),
    ("date", rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}(?:,? {_CLOCK}(?: [AP]M)?)?"),
    ("time", rf"\b{_CLOCK}(?: [AP]M)?"),
    ("address", r"\b0x[0-9a-fA-F]{6,}\b"),
    ("duration", r"\b\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|secs?|seconds?|milliseconds?)\b"),
    ("time", r"\b(?:1[5-9]|2\d)\d{8}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?\b"),
    ("id", r"\b(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{12,}\b"),
    ("port", r"(?<=127\.0\.0\.1:)[3-6]\d{4}\b|(?<=localhost:)[3-6]\d{4}\b|(?<=\[::1\]:)[3-6]\d{4}\b"),
    ("pid", r"(?i)(?<=\bpid)[ :=#]{0,3}\d+\b"),
    ("pid", r"(?<=\w\[)\d+(?=\])"),
)
PATTERNS = tuple((f"<{name}>", re.compile(form)) for name, form in _FORMS)


def normalise(text: str) -> str:
    """``text`` with what ``PATTERNS`` recognise replaced by its name: ``at <date>, <uuid> took <duration>``."""
    for name, pattern in PATTERNS:
        text = pattern.sub(name, text)
    return text
