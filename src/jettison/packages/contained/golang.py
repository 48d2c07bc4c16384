"""The modules of a Go program, from the build information that Go links in (Go's package ``debug/buildinfo``).

Go 1.18 and later has the two strings, version and modules, right behind the header; Go 1.12 to 1.17 has there the
addresses of their string headers. Stripping leaves both.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

from jettison.packages.contained.elf import LOAD, WRITABLE, Part, Program
from jettison.packages.model import Gap, Package

_MAGIC = b"\xff Go buildinf:"
_HEADER, _ALIGN = 32, 16
_BIG_ENDIAN, _INLINE = 1, 2
#: What stands around the modules, so that they are found in a running program too.
_SENTINEL = 16
#: Bytes of the version and of the modules that are believed; Kubernetes has 20 kB.
_VERSION_LIMIT, _MODULES_LIMIT = 4096, 4 << 20
#: Where no section is named, bytes of the first writable segment that are searched.
_REACH = 16 << 20
_VERSION = re.compile(r"(?:devel )?go(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)(?=[\s+-]|$)")
#: Build settings that tell how the program came to be (``go help buildconstraint``, ``go doc debug.BuildSetting``).
_SETTINGS = ("GOOS", "GOARCH", "GOEXPERIMENT", "GOFIPS140", "CGO_ENABLED", "-buildmode", "-compiler", "-tags")
_SOURCES = ("vcs", "vcs.revision", "vcs.time", "vcs.modified")
#: Go's own programs are of the standard library and nothing else; a program of no module may have any.
_OWN = "path\tcmd/"
#: Versions that stand for none, in ``go.mod`` files that replace the module by a directory (``go mod tidy``).
_NEVER = ("v0.0.0", "v0.0.0-00010101000000-000000000000")
_LOCAL = ("./", "../", "/")


def modules(program: Program) -> Iterator[Package | Gap]:
    """The main module, what it is linked with, and the standard library; a gap where the program does not say."""
    found = build_information(program)
    path = program.entry.path
    if found is None:
        if ".gopclntab" in program.sections or ".note.go.buildid" in program.sections:
            yield Gap(path, "a Go program without build information")
        return
    version, text = found
    match = _VERSION.match(version)
    noted = {} if match and match[0] == version else {"go": version}
    yield _package(path, "stdlib", match[1] if match and not version.startswith("devel") else "", noted)
    listed = tuple(_listed(path, text))
    if not listed and not text.startswith(_OWN):
        yield Gap(path, "a Go program that does not name its modules")
    yield from listed


def build_information(program: Program) -> tuple[str, str] | None:
    """The version of Go (``go1.22.1``) and the list of modules; ``None`` where there are none or they are broken."""
    place = _place(program)
    if place is None:
        return None
    header = program.memory(place, _HEADER)
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        return None
    if header[15] & _INLINE:
        version, after = _inline(program, place + _HEADER, _VERSION_LIMIT)
        text, _ = _inline(program, after, _MODULES_LIMIT)
    else:
        order, size = ">" if header[15] & _BIG_ENDIAN else "<", header[14]
        if size not in (4, 8):
            return None
        version = _pointed(program, header, 16, order, size)
        text = _pointed(program, header, 16 + size, order, size)
    if not version:
        return None
    return version.decode("utf-8", "replace"), _without_sentinels(text).decode("utf-8", "replace")


def _place(program: Program) -> int | None:
    """The address of the header: where the section of that name is, or in the first writable segment."""
    section = program.sections.get(".go.buildinfo")
    if section is not None:
        return _search(program, section)
    if program.sections:
        return None
    return next((_search(program, p) for p in program.segments if p.kind == LOAD and p.flags & WRITABLE), None)


def _search(program: Program, part: Part) -> int | None:
    data = program.read(part.offset, min(part.size, _REACH))
    start = data.find(_MAGIC)
    while start >= 0 and start % _ALIGN:
        start = data.find(_MAGIC, start + 1)
    return None if start < 0 else part.address + start


def _inline(program: Program, place: int, limit: int) -> tuple[bytes, int]:
    """A string with its length before it, seven bits a byte (``binary.Uvarint``), and the address behind it."""
    size = 0
    for shift, byte in enumerate(program.memory(place, 5)):
        size |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            start = place + shift + 1
            return (program.memory(start, size) if size <= limit else b""), start + size
    return b"", place


def _pointed(program: Program, header: bytes, offset: int, order: str, size: int) -> bytes:
    """A string whose header, an address and a length, is where ``header`` says."""
    form = "Q" if size == 8 else "I"
    (place,) = struct.unpack_from(f"{order}{form}", header, offset)
    pair = program.memory(place, 2 * size)
    if len(pair) < 2 * size:
        return b""
    start, length = struct.unpack(f"{order}2{form}", pair)
    return program.memory(start, length) if length <= _MODULES_LIMIT else b""


def _without_sentinels(text: bytes) -> bytes:
    long_enough = len(text) > 2 * _SENTINEL and text[-_SENTINEL - 1 : -_SENTINEL] == b"\n"
    return text[_SENTINEL:-_SENTINEL] if long_enough else b""


def _listed(path: str, text: str) -> Iterator[Package]:
    """What the lines name: ``mod``, ``dep`` and, for the one before it, ``=>``, each with path, version, sum."""
    rows = [line.split("\t") for line in text.split("\n")]
    settings = _settings(row[1] for row in rows if row[0] == "build" and len(row) > 1)
    for number, row in enumerate(rows):
        if row[0] not in ("mod", "dep") or len(row) < 3 or not row[1]:
            continue
        noted = {"main": "true", **settings} if row[0] == "mod" else {}
        after = rows[number + 1] if number + 1 < len(rows) else [""]
        if after[0] == "=>" and len(after) >= 3:
            row, noted = _replaced(row, after, noted)
        yield _module(path, row, noted)


def _replaced(row: list[str], other: list[str], noted: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """The module whose code it is. One in a directory has no name of its own: it stays what it replaces."""
    if other[1].startswith(_LOCAL) or other[2] in ("", "(devel)"):
        return [*row[:2], "" if row[2] in _NEVER else row[2]], noted | {"replaced_by": other[1]}
    return other, noted | {"replaces": f"{row[1]}@{row[2]}"}


def _module(path: str, row: list[str], noted: dict[str, str]) -> Package:
    name, version, total = row[1], row[2], row[3] if len(row) > 3 else ""
    if version == "(devel)":
        version, noted = "", noted | {"devel": "true"}
    return _package(path, name, version, noted | ({"sum": total} if total else {}))


def _settings(lines: Iterator[str]) -> dict[str, str]:
    wanted = _SETTINGS + _SOURCES
    pairs = (line.partition("=") for line in lines)
    return {key: value.strip('"`') for key, _, value in pairs if key in wanted and value}


def _package(path: str, name: str, version: str, noted: Mapping[str, str]) -> Package:
    here = frozenset({path})
    return Package("golang", name, version, files=here, records=here, attributes=dict(noted))
