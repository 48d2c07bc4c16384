"""The crates of a Rust program, from the section that ``cargo auditable`` links in (its PARSING.md).

``.dep-v0`` is JSON packed with zlib. A Rust program without it is known by the names of its standard library's source.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from jettison.packages.contained.elf import Program
from jettison.packages.model import Gap, Package

_SECTION = ".dep-v0"
#: Bytes, packed and unpacked; a program of 500 crates has 60 kB.
_PACKED_LIMIT, _LIMIT = 4 << 20, 16 << 20
#: What the compiler leaves in ``.comment``, and the standard library in every message of where a program panicked.
_COMPILER = b"rustc version "
_SOURCES = (b"library/core/src/", b"src/libcore/")
#: Bytes of a program's constants that are searched for it.
_REACH = 16 << 20


def crates(program: Program) -> Iterator[Package | Gap]:
    """The crates that are linked in; not those that were only run to build it. A gap where the program does not say."""
    path = program.entry.path
    if _SECTION not in program.sections:
        if _is_rust(program):
            yield Gap(path, "a Rust program without an auditable section")
        return
    try:
        told = json.loads(_unpacked(program.section(_SECTION, _PACKED_LIMIT)))
        rows = told["packages"]
        yield from [_crate(path, row) for row in rows if row.get("kind", "runtime") != "build"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error):
        yield Gap(path, "a Rust program whose auditable section cannot be read")


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    result = unpacker.decompress(data, _LIMIT)
    if not unpacker.eof:
        raise ValueError("too large, or cut off")
    return result


def _crate(path: str, row: dict[str, Any]) -> Package:
    name, version, source = row["name"], row["version"], row.get("source", "")
    if not (isinstance(name, str) and name and isinstance(version, str) and isinstance(source, str)):
        raise ValueError("a crate without a name or a version")
    here = frozenset({path})
    noted = ({"main": "true"} if row.get("root") is True else {}) | ({"registry": source} if source else {})
    return Package("cargo", name, version, files=here, records=here, attributes=noted)


def _is_rust(program: Program) -> bool:
    if ".go.buildinfo" in program.sections:
        return False
    if _COMPILER in program.section(".comment", 4096):
        return True
    constants = program.section(".rodata", _REACH) if program.is_program else b""
    return any(source in constants for source in _SOURCES)
