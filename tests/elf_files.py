"""Small ELF files, for tests of what is read from programs."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

#: The address at which the file begins in memory.
BASE = 0x400000
_DYNAMIC, _PROGBITS, _STRTAB, _LOAD = 3, 1, 3, 1
_READ_WRITE = 6


def elf(
    sections: Mapping[str, bytes], *, wide: bool = True, order: str = "<", kind: int = _DYNAMIC, named: bool = True
) -> bytes:
    """A file with one writable segment that holds all of it; without ``named`` there are no section headers."""
    head, segment = (64, 56) if wide else (52, 32)
    body, rows = bytearray(head + segment), [(0, 0, 0, 0)]
    names = b"\0" + b"".join(name.encode() + b"\0" for name in sections) + b".shstrtab\0"
    for name, content in {**sections, ".shstrtab": names}.items():
        body += bytes(-len(body) % 16)
        form = _STRTAB if name == ".shstrtab" else _PROGBITS
        rows.append((names.index(name.encode() + b"\0"), form, len(body), len(content)))
        body += content
    size = len(body)
    table = b"".join(_section(row, wide, order) for row in rows) if named else b""
    ident = b"\x7fELF" + bytes([2 if wide else 1, 2 if order == ">" else 1, 1]) + bytes(9)
    numbers = (kind, 62, 1, BASE, head, size if named else 0, 0, head, segment, 1, 64 if wide else 40)
    counts = (len(rows), len(rows) - 1) if named else (0, 0)
    word = "Q" if wide else "I"
    header = ident + struct.pack(f"{order}HHI3{word}I6H", *numbers, *counts)
    body[: head + segment] = header + _segment(size, wide, order)
    return bytes(body) + table


def _section(row: tuple[int, int, int, int], wide: bool, order: str) -> bytes:
    name, form, offset, size = row
    word = "Q" if wide else "I"
    address = BASE + offset if offset else 0
    return struct.pack(f"{order}II4{word}II2{word}", name, form, 0, address, offset, size, 0, 0, 1, 0)


def _segment(size: int, wide: bool, order: str) -> bytes:
    if wide:
        return struct.pack(f"{order}IIQQQQQQ", _LOAD, _READ_WRITE, 0, BASE, BASE, size, size, 0x1000)
    return struct.pack(f"{order}8I", _LOAD, 0, BASE, BASE, size, size, _READ_WRITE, 0x1000)


def real(name: str) -> bytes:
    """The build information of a program that Go of that version linked (its section ``.go.buildinfo``)."""
    return (Path(__file__).parent / "packages" / "buildinfo" / name).read_bytes()


def varint(number: int) -> bytes:
    """An unsigned number as ``binary.PutUvarint`` writes it."""
    result = bytearray()
    while number >= 0x80:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*result, number])


def inline(version: str, modules: str) -> bytes:
    """Build information of Go 1.18 and later."""
    texts = version.encode(), _guarded(modules)
    strings = b"".join(varint(len(text)) + text for text in texts)
    return b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + strings


def pointed(version: str, modules: str, *, wide: bool, order: str, at: int) -> bytes:
    """Build information of Go 1.12 to 1.17, which is told the address at which it will be."""
    size, word = (8, "Q") if wide else (4, "I")
    texts = version.encode(), _guarded(modules)
    heads, place = at + 32, at + 32 + 4 * size
    header = b"\xff Go buildinf:" + bytes([size, 1 if order == ">" else 0])
    header += struct.pack(f"{order}2{word}", heads, heads + 2 * size).ljust(16, b"\0")
    starts = (place, place + len(texts[0]))
    pairs = b"".join(struct.pack(f"{order}2{word}", s, len(t)) for s, t in zip(starts, texts, strict=True))
    return header + pairs + b"".join(texts)


def _guarded(modules: str) -> bytes:
    return (
        b"0w\xaf\x0c\x92t\x08\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6"
        + modules.encode()
        + b"\xf92C1\x86\x18 r\0\x82B\x10A\x16\xd8\xf2"
    )
