"""Where what is in an ELF file (System V gABI, "Object Files": ELF header, sections, program headers).

Only headers are read. Files are hostile: what does not add up is no ELF file, and every read has a bound.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree

LOAD, INTERPRETER = 1, 3
WRITABLE = 2
#: ``e_type``: relocatable, executable, shared.
RELOCATABLE, EXECUTABLE, SHARED = 1, 2, 3
#: ``sh_type`` of sections that have no bytes in the file.
_NOBITS = 8
#: ``sh_flags`` of sections that are packed (``debug/elf``: SHF_COMPRESSED).
_COMPRESSED = 0x800
#: Bytes read at once of every file: the header, and in most the program headers.
HEAD = 1024
#: Files with more headers, or larger tables, are not believed.
_COUNT_LIMIT = 4096
_NAMES_LIMIT = 1 << 20
#: Bytes of a section that are looked at, at most.
LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A section or a segment: ``offset`` and ``size`` in the file, in bytes; ``address`` in memory."""

    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int


class Program:
    """One open ELF file. ``order`` is ``<`` or ``>``, ``wide`` says that addresses have 64 bits."""

    def __init__(self, entry: FileEntry, descriptor: int, content: bytes) -> None:
        self.entry = entry
        self._descriptor = descriptor
        self._content = content
        self.head = self.read(0, HEAD)
        self.wide = self.head[4] == 2
        self.order = ">" if self.head[5] == 2 else "<"
        self.kind = self._numbers("H", self.head, 16)[0]
        self.segments = tuple(self._segments())
        self.sections = self._named()

    def read(self, offset: int, size: int) -> bytes:
        """What is at ``offset`` of the file, as far as it goes."""
        size = min(size, self.entry.size - offset, LIMIT)
        if offset < 0 or size <= 0:
            return b""
        if self._descriptor < 0:
            return self._content[offset : offset + size]
        return os.pread(self._descriptor, size, offset)

    def section(self, name: str, limit: int = LIMIT) -> bytes:
        """What is in a section, ``limit`` bytes at most; empty where there is none."""
        part = self.sections.get(name)
        return self.read(part.offset, min(part.size, limit)) if part else b""

    def memory(self, address: int, size: int) -> bytes:
        """What the file puts at an address of memory; empty where it puts nothing."""
        for part in self.segments:
            inside = address - part.address
            if part.kind == LOAD and 0 <= inside < part.size:
                return self.read(part.offset + inside, min(size, part.size - inside))
        return b""

    @property
    def is_program(self) -> bool:
        """Whether it can be started: linked for a fixed address, with an interpreter, or not named as a library."""
        started = self.kind == EXECUTABLE or any(part.kind == INTERPRETER for part in self.segments)
        return started or (self.kind == SHARED and ".so" not in self.entry.name)

    def _numbers(self, form: str, data: bytes, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(self.order + form, data, offset)

    def _table(self, start: int, count: int, each: int, least: int) -> bytes:
        if count > _COUNT_LIMIT or (count and each < least):
            raise ValueError("headers that do not add up")
        inside = start + count * each <= len(self.head)
        table = self.head[start : start + count * each] if inside else self.read(start, count * each)
        if len(table) != count * each:
            raise ValueError("headers that are cut off")
        return table

    def _segments(self) -> Iterator[Part]:
        start = self._numbers("Q" if self.wide else "I", self.head, 32 if self.wide else 28)[0]
        each, count = self._numbers("HH", self.head, 54 if self.wide else 42)
        table = self._table(start, count, each, 56 if self.wide else 32)
        for place in range(0, len(table), each or 1):
            if self.wide:
                kind, flags, offset, address, _, size = self._numbers("IIQQQQ", table, place)
            else:
                kind, offset, address, _, size, _, flags = self._numbers("IIIIIII", table, place)
            yield Part("", kind, flags, address, offset, size)

    def _named(self) -> dict[str, Part]:
        """The sections by name. A program runs without, so broken ones are as good as none."""
        try:
            return {part.name: part for part in self._sections()}
        except (struct.error, ValueError):
            return {}

    def _sections(self) -> Iterator[Part]:
        start = self._numbers("Q" if self.wide else "I", self.head, 40 if self.wide else 32)[0]
        each, count, names = self._numbers("HHH", self.head, 58 if self.wide else 46)
        table = self._table(start, count, each, 64 if self.wide else 40) if start else b""
        form = "IIQQQQ" if self.wide else "IIIIII"
        rows = [self._numbers(form, table, place) for place in range(0, len(table), each or 1)]
        if names >= len(rows):
            return
        text = self.read(rows[names][4], min(rows[names][5], _NAMES_LIMIT))
        for name, kind, flags, address, offset, size in rows:
            if kind != _NOBITS and not flags & _COMPRESSED:
                yield Part(_name(text, name), kind, flags, address, offset, size)


def _name(text: bytes, start: int) -> str:
    return text[start : max(text.find(b"\0", start), start)].decode("ascii", "replace")


@contextmanager
def opened(tree: FileTree, entry: FileEntry) -> Iterator[Program | None]:
    """An open ELF file, its headers read; ``None`` for what is none or cannot be opened."""
    descriptor = -1
    try:
        if entry.origin:
            descriptor = os.open(entry.origin, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        yield _program(tree, entry, descriptor)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _program(tree: FileTree, entry: FileEntry, descriptor: int) -> Program | None:
    content = tree.read(entry) if descriptor < 0 else b""
    start = content[:4] if descriptor < 0 else os.pread(descriptor, 4, 0)
    try:
        return Program(entry, descriptor, content) if start == b"\x7fELF" else None
    except (struct.error, ValueError, IndexError):
        return None
