"""Every kind of file that advisories come in, recognised by its content."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from jettison.errors import InvalidInput
from jettison.security.advisories.jsonstream import lines, loads, members
from jettison.security.advisories.parts import Part
from jettison.security.advisories.sources import alpine, debian, osv, overlays, snapshot
from jettison.security.advisories.values import Item

#: Bytes by which a file is recognised.
_HEAD = 1 << 16
#: Members of an object that are looked at.
_LOOKED_AT = 64


def items(part: Part) -> Iterator[Item] | None:
    """What ``part`` tells, read as it is asked for; ``None`` where it is of no known kind."""
    with part.opened() as stream:
        head = stream.read(_HEAD)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return _json(part, text, whole=len(head) < _HEAD)
    return _table(part, text)


def _table(part: Part, text: bytes) -> Iterator[Item] | None:
    first = text.partition(b"\n")[0]
    if first.startswith((b"#model_version:", b"cve,epss")):
        return _epss(part)
    if first.startswith((b"cveID,", b'"cveID"')):
        return _kev_csv(part)
    if first.startswith(b"CVE-") and first.count(b"\t") >= 1:
        return _rated(part)
    return None


def _json(part: Part, text: bytes, *, whole: bool) -> Iterator[Item] | None:
    first, newline, rest = text.partition(b"\n")
    record = _parsed(first) if newline or whole else None
    if snapshot.recognised(record):
        return _snapshot(part)
    if osv.recognised(record) and rest.strip():
        return _osv_lines(part)
    if record is None and whole:
        record = _parsed(text)
    if isinstance(record, dict) and osv.recognised(record):
        return osv.records(record)
    return _large(part)


def _parsed(text: bytes) -> Any:
    try:
        return loads(text)
    except ValueError:
        return None


def _large(part: Part) -> Iterator[Item] | None:
    """By the names of its members; those of Debian's tracker are packages."""
    keys: set[str] = set()
    try:
        with part.opened() as stream:
            for key, value in members(stream):
                keys.add(key)
                if key not in ("packages", "vulnerabilities") and debian.recognised(key, value):
                    return _debian(part)
                if {"id", "modified"} <= keys:
                    return _osv(part)
                if alpine.recognised(keys):
                    return _alpine(part)
                if overlays.kev_recognised(keys):
                    return _kev_json(part)
                if len(keys) > _LOOKED_AT:
                    return None
    except InvalidInput as error:
        raise InvalidInput(f"{error}; it is no whole JSON") from error
    return None


def _osv(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from osv.read(stream)


def _osv_lines(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        for line in lines(stream):
            yield from osv.read(io.BytesIO(line))


def _debian(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from debian.read(stream, part.modified)


def _alpine(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from alpine.read(stream, part.modified)


def _kev_json(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from overlays.kev_json(stream, part.modified)


def _kev_csv(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from overlays.kev_csv(stream, part.modified)


def _epss(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from overlays.epss(stream, part.modified)


def _rated(part: Part) -> Iterator[Item]:
    with part.opened() as stream:
        yield from overlays.rated(stream)


def _snapshot(part: Part) -> Iterator[Item]:
    known = snapshot.provenance(PurePath(part.name).name, part.directory) or snapshot.Provenance(part.modified)
    with part.opened() as stream:
        yield from snapshot.read(stream, known)
