"""Go programs: which of their code is not of Go's standard library.

Every Go program carries the table of its functions (``runtime/symtab.go``: ``pcHeader``, ``functab``), also when it is
stripped. Only layouts since Go 1.18 are read, those with 64-bit addresses.
"""

from __future__ import annotations

import re
import struct

#: Of ``pcHeader``: the magic of Go 1.18 and of 1.20, two zeros, an instruction's alignment, an address's size.
_HEADER = re.compile(rb"[\xf0\xf1]\xff\xff\xff\0\0[\x01\x02\x04]\x08")
_STANDARD = re.compile(
    rb"(?:archive|bufio|bytes|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt"
    rb"|go|gogo|hash|html|image|index|internal|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime"
    rb"|slices|sort|strconv|strings|structs|sync|syscall|testing|text|time|type|unicode|unique|unsafe|vendor|weak"
    rb"|callRet|debugCall\w*|memeqbody|cmpbody|indexbody|indexbytebody|countbody|aeshashbody|_cgo\w*|_rt0\w*|x_cgo\w*)"
    rb"[./:]|[^/.]*$"
)


def own_code(program: bytes, text: int) -> list[tuple[int, int]]:
    """The addresses (from, to) of functions that are not of the standard library, where ``text`` is the code's.

    Empty where the table cannot be read.
    """
    for match in _HEADER.finditer(program):
        try:
            found = _functions(program, match.start(), text)
        except (struct.error, ValueError):
            continue
        if found:
            return found
    return []


def _functions(program: bytes, header: int, text: int) -> list[tuple[int, int]]:
    count, _, start, names, _, _, _, functions = struct.unpack_from("<8Q", program, header + 8)
    base = start or text  # since Go 1.26 the header does not say
    table = header + functions
    entries = list(struct.iter_unpack("<II", program[table : table + 8 * count]))
    if len(entries) != count:
        raise ValueError("the table is longer than the program")
    ends = [entry for entry, _ in entries[1:]] + [struct.unpack_from("<I", program, table + 8 * count)[0]]
    found: list[tuple[int, int]] = []
    for (entry, place), end in zip(entries, ends, strict=True):
        name = header + names + struct.unpack_from("<i", program, table + place + 4)[0]
        if name < 0 or _STANDARD.match(program[name : program.index(b"\0", name)]):
            continue
        if found and found[-1][1] == base + entry:
            found[-1] = (found[-1][0], base + end)
        else:
            found.append((base + entry, base + end))
    return found
