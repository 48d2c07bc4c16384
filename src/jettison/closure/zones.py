"""Time zones that a text names; all of them, where a program sets ``TZ`` to a name that it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from jettison.closure import packed

_ZONE = re.compile(rb"\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Etc|Canada"
                   rb"|Brazil|Chile|Mexico)/[A-Za-z0-9_+/-]+|\b(?:UTC|GMT|CET|EST5EDT|PST8PDT|MET|WET|EET|Japan|Singapore"
                   rb"|Israel|Turkey|Zulu)\b")  # fmt: skip
#: ``TZ="$1"``, ``ENV['TZ'] = zone``, ``process.env.TZ = zone``, ``{"TZ": zone}``.
_COMPUTED = re.compile(
    rb"\bTZ[\"'\]}]*\s*(?:=>?|:|,)\s*[\"']?\$|\b(?:TZ[\"'\]}]+\s*(?:=>?|:|,)|(?<=\.)TZ\s*=)\s*(?![\w]+/)[A-Za-z_]"
)
_SETS = re.compile(rb"\0(?:setenv|putenv)(?:@|\0)")
_VARIABLE = re.compile(rb"(?m)^TZ(?:=%s|=)?$")
_LOADS = b"time.LoadLocation\0"  # in the names of a Go program's functions, which it has only if it calls them
#: What time-zone libraries read beside a zone.
_TABLES = ("zone.tab", "zone1970.tab", "iso3166.tab")


def mentioned(known: Mapping[str, str], text: bytes) -> set[str]:
    """The files of the zones that a source names, or all."""
    if not known:
        return set()
    if _COMPUTED.search(text):
        return set(known.values())
    return _with_tables(known, (raw.decode("ascii", "replace") for raw in set(_ZONE.findall(text))))


def of_program(known: Mapping[str, str], text: bytes, content: bytes) -> set[str]:
    """The files of the zones that a compiled program names in its strings ``text``, or all."""
    named = _VARIABLE.search(text) or b"\0TZ\0" in content  # alone it is too short for a string
    if (_SETS.search(content) and named) or _LOADS in content:
        return set(known.values())
    return mentioned(known, text)


def of_packed(known: Mapping[str, str], text: bytes) -> set[str]:
    """The files of the zones in strings without separators."""
    return _with_tables(known, packed.zones(known, text))


def _with_tables(known: Mapping[str, str], names: Iterable[str]) -> set[str]:
    found = {known[name] for name in names if name in known}
    return found | {known[name] for name in _TABLES if found and name in known}
