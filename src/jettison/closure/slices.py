"""Strings of programs that have no separators between them, by where the program says that they begin and end.

Go and Rust pass a string as its address and its length. Constants are found where the code of an x86-64 program loads
an address and has a small number beside it, and where its data holds such a pair (in a position-independent program
the address is in a relocation). Too many rather than too few: a wrong length gives a text that names nothing.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from jettison.closure import golang

_MACHINE_X86_64 = 62
_PROGBITS, _RELA = 1, 4
_ALLOC, _EXECUTE = 2, 4
_RELATIVE = 8  # R_X86_64_RELATIVE
_LONGEST = 4096
#: ``lea reg, [rip + displacement]``: REX.W, 8d, ModRM with mod 00 and rm 101.
_LEA = re.compile(rb"[\x48\x4c]\x8d[\x05\x0d\x15\x1d\x25\x2d\x35\x3d](....)", re.DOTALL)
#: A number below 4,096 as 32 bits, or ``push`` of one below 128 (rustc with ``opt-level = "s"``).
_NUMBER = re.compile(rb"(?=([\x01-\xff][\x00-\x0f]\x00\x00))|\x6a(?=([\x01-\x7f][\x41\x58-\x5f]))", re.DOTALL)
_BEFORE, _AFTER = 64, 96  # bytes: rustc sets a length once for several branches
#: More addresses are not looked at; cargo, 42 MB, has a quarter of that.
_LOADS_LIMIT = 200_000
_FIRST = re.compile(rb"[A-Za-z0-9_/.\[]")


@dataclass(frozen=True, slots=True)
class _Section:
    kind: int
    flags: int
    address: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Constants:
    """Strings that the program's own code loads, and those that lie in its data, where they may be its libraries'."""

    code: frozenset[bytes] = frozenset()
    data: frozenset[bytes] = frozenset()


def constants(program: bytes) -> Constants:
    """The string constants of an x86-64 ELF program; none of another, and none where the file does not add up.

    Of a Go program the code of the standard library is passed over.
    """
    try:
        sections = _sections(program)
    except (struct.error, ValueError):
        return Constants()
    read_only = [s for s in sections if s.kind == _PROGBITS and not s.flags & _EXECUTE]
    memory = _Memory(read_only)
    code: set[bytes] = set()
    data: set[bytes] = set()
    for part in _own_code(program, [s for s in sections if s.flags & _EXECUTE]):
        code |= _in_code(part, memory)
    for section in read_only:
        data |= _in_data(section, memory)
    for section in sections:
        data |= _in_relocations(section, memory) if section.kind == _RELA else set()
    return Constants(frozenset(code), frozenset(data))


def _own_code(program: bytes, sections: list[_Section]) -> Iterator[_Section]:
    own = golang.own_code(program, sections[0].address) if sections else []
    for section in sections:
        ranges = own or [(section.address, section.address + len(section.content))]
        for start, end in ranges:
            part = section.content[max(start - section.address, 0) : max(end - section.address, 0)]
            if part:
                yield _Section(section.kind, section.flags, max(start, section.address), part)


def _sections(program: bytes) -> list[_Section]:
    if program[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", program, 18)[0] != _MACHINE_X86_64:
        return []
    table, (size, count) = struct.unpack_from("<Q", program, 40)[0], struct.unpack_from("<HH", program, 58)
    found = []
    for number in range(count):
        _, kind, flags, address, offset, length = struct.unpack_from("<IIQQQQ", program, table + number * size)
        if kind in (_PROGBITS, _RELA) and flags & _ALLOC:
            found.append(_Section(kind, flags, address, program[offset : offset + length]))
    return found


class _Memory:
    """The data of a program, by address."""

    def __init__(self, sections: Iterable[_Section]) -> None:
        self._sections = sorted(sections, key=lambda section: section.address)
        self._starts = [section.address for section in self._sections]
        self.first = self._starts[0] if self._starts else 0
        self.end = max((s.address + len(s.content) for s in self._sections), default=0)

    def read(self, address: int, length: int) -> bytes:
        """What is there; less, or nothing, where a section ends or there is none."""
        at = bisect_right(self._starts, address) - 1
        if at < 0:
            return b""
        section = self._sections[at]
        return section.content[address - section.address : address - section.address + length]

    def text(self, address: int, length: int) -> Iterator[bytes]:
        """The printable text of that length."""
        found = self.read(address, length) if 0 < length < _LONGEST else b""
        if len(found) == length and length and found.isascii() and b"\0" not in found:
            yield found


def _in_code(section: _Section, memory: _Memory) -> set[bytes]:
    found: set[bytes] = set()
    code = section.content
    for start, end, address in islice(_loads(section, memory), _LOADS_LIMIT):
        beside = code[max(start - _BEFORE, 0) : end + _AFTER]
        for number, pushed in _NUMBER.findall(beside):
            length = int.from_bytes(number, "little") if number else pushed[0]
            found.update(memory.text(address, length))
    return found


def _loads(section: _Section, memory: _Memory) -> Iterator[tuple[int, int, int]]:
    """Where, from and to, the code loads which address of what may be a name."""
    for match in _LEA.finditer(section.content):
        address = section.address + match.end() + int.from_bytes(match[1], "little", signed=True)
        if memory.first <= address < memory.end and _FIRST.match(memory.read(address, 1)):
            yield match.start(), match.end(), address


def _in_data(section: _Section, memory: _Memory) -> set[bytes]:
    found: set[bytes] = set()
    content = section.content[: len(section.content) // 8 * 8]
    words = memoryview(content).cast("Q")
    for number in range(len(words) - 1):
        if memory.first <= words[number] < memory.end and 0 < words[number + 1] < _LONGEST:
            found.update(memory.text(words[number], words[number + 1]))
    return found


def _in_relocations(section: _Section, memory: _Memory) -> set[bytes]:
    found: set[bytes] = set()
    content = section.content[: len(section.content) // 24 * 24]
    for place, info, addend in struct.iter_unpack("<QQq", content):
        if info == _RELATIVE and memory.first <= addend < memory.end:
            length = int.from_bytes(memory.read(place + 8, 8), "little")
            found.update(memory.text(addend, length))
    return found
