"""What an ELF file says that it needs (System V gABI, "Program Loading and Dynamic Linking").

Only headers and the dynamic section are read. Files are hostile: whatever does not add up is no ELF file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from jettison.filetree import FileEntry, FileTree

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_NEEDED, _STRTAB, _STRSZ, _SONAME, _RPATH, _RUNPATH = 1, 5, 10, 14, 15, 29
#: A dynamic section or a string table that is larger is not believed.
_SECTION_LIMIT = 16 << 20
_NAME_LIMIT = 4096  # PATH_MAX


@dataclass(frozen=True, slots=True)
class Elf:
    """``target`` is (class, byte order, machine): only files of one target load each other."""

    target: tuple[int, int, int]
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    soname: str = ""
    strings: bytes = b""


def may_be_elf(entry: FileEntry) -> bool:
    """Whether its name or mode make it worth a look."""
    name = entry.name
    return entry.size >= 52 and (bool(entry.mode & 0o111) or ".so" in name or name.endswith(".node"))


def read(tree: FileTree, entry: FileEntry) -> Elf | None:
    """The dynamic linking information of a file; ``None`` for what is no ELF file."""
    try:
        if not entry.origin:
            return parse(io.BytesIO(tree.read(entry)))
        with open(entry.origin, "rb", buffering=0) as file:
            return parse(file)
    except OSError:
        return None


def parse(file: BinaryIO) -> Elf | None:
    """Read an open file; ``None`` for what is no ELF file."""
    try:
        return _parse(file)
    except (struct.error, ValueError, OverflowError, UnicodeDecodeError, MemoryError):
        return None


def _parse(file: BinaryIO) -> Elf | None:
    head = file.read(64)
    if head[:4] != b"\x7fELF" or len(head) < 52 or head[4] not in (1, 2) or head[5] not in (1, 2):
        return None
    wide, order = head[4] == 2, "<" if head[5] == 1 else ">"
    machine = struct.unpack_from(f"{order}H", head, 18)[0]
    target = (head[4], head[5], machine)
    if wide:
        offset, size, count = *struct.unpack_from(f"{order}Q", head, 32), *struct.unpack_from(f"{order}HH", head, 54)
    else:
        offset, size, count = *struct.unpack_from(f"{order}I", head, 28), *struct.unpack_from(f"{order}HH", head, 42)
    table = _at(file, offset, size * count)
    segments = [_segment(table[n * size : (n + 1) * size], wide, order) for n in range(count)]
    interpreter = next((_text(_at(file, s[1], s[3])) for s in segments if s[0] == _PT_INTERP), "")
    dynamic = next((s for s in segments if s[0] == _PT_DYNAMIC), None)
    if dynamic is None:
        return Elf(target, interpreter)
    tags = _tags(_at(file, dynamic[1], dynamic[3]), wide, order)
    values = dict(tags)
    place = _file_offset(values.get(_STRTAB, 0), segments)
    strings = _at(file, place, values.get(_STRSZ, 0)) if place is not None else b""

    def named(tag: int) -> tuple[str, ...]:
        return tuple(
            _text(strings[value : value + _NAME_LIMIT])
            for found, value in tags
            if found == tag and value < len(strings)
        )

    soname = named(_SONAME)
    return Elf(
        target, interpreter, named(_NEEDED), _paths(named(_RPATH)), _paths(named(_RUNPATH)),
        soname[0] if soname else "", strings,
    )  # fmt: skip


def _segment(raw: bytes, wide: bool, order: str) -> tuple[int, int, int, int]:
    """(type, file offset, address, size in the file)."""
    if wide:
        kind, _, offset, address, _, size = struct.unpack_from(f"{order}IIQQQQ", raw)
    else:
        kind, offset, address, _, size = struct.unpack_from(f"{order}IIIII", raw)
    return kind, offset, address, size


def _tags(raw: bytes, wide: bool, order: str) -> list[tuple[int, int]]:
    width = 16 if wide else 8
    found = []
    for tag, value in struct.iter_unpack(f"{order}qQ" if wide else f"{order}iI", raw[: len(raw) // width * width]):
        if tag == 0:
            break
        found.append((tag, value))
    return found


def _file_offset(address: int, segments: list[tuple[int, int, int, int]]) -> int | None:
    for kind, offset, start, size in segments:
        if kind == _PT_LOAD and start <= address < start + size:
            return offset + address - start
    return None


def _at(file: BinaryIO, offset: int, size: int) -> bytes:
    if size > _SECTION_LIMIT:
        raise ValueError("a section that large is not believed")
    file.seek(offset)
    return file.read(size)


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _paths(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for value in values for path in value.split(":") if path)
