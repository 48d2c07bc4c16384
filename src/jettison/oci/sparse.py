"""Sparse files in tar archives: GNU's old format, and its PAX formats 0.0, 0.1 and 1.0 (GNU tar manual, "Sparse")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from jettison.errors import InvalidArchive
from jettison.oci.pax import SPARSE_MAP, Records, decimal, number

#: (offset, length) in bytes of each piece that the archive holds, in order.
Extents = tuple[tuple[int, int], ...]

_BLOCK = 512
#: More pieces than this in one file are refused: each costs memory.
_LIMIT = 1 << 20


class Source(Protocol):
    """Gives the bytes that follow the header."""

    def take(self, size: int, /) -> bytes: ...


def extents(source: Source, block: bytes, more: Records, stored: int) -> tuple[int, Extents, int] | None:
    """Size of the file, its pieces, and how many of the member's ``stored`` bytes tell of them; ``None``: no holes.

    Reads the map, where that follows the header. Raises ``InvalidArchive`` for a map that makes no sense.
    """
    if block[156:157] == b"S":
        size, told, numbers = number(block[483:495]), 0, tuple(_old(source, block))
    elif more.get("GNU.sparse.major") == b"1":
        size = decimal(more.get("GNU.sparse.realsize", b""))
        numbers, told = _map_in_data(source, stored)
    elif SPARSE_MAP in more:
        size, told = decimal(more.get("GNU.sparse.size", b"")), 0
        numbers = tuple(decimal(text) for text in more[SPARSE_MAP].split(b","))
    else:
        return None
    return size, _checked(numbers, size, stored - told), told


def _old(source: Source, block: bytes) -> Iterator[int]:
    """The old format: four pieces in the header, then 21 in each further block while a flag says so."""
    yield from _fields(block[386:482])
    continued = block[482]
    for _ in range(_LIMIT // 21):
        if not continued:
            return
        block = source.take(_BLOCK)
        yield from _fields(block[:504])
        continued = block[504]
    raise InvalidArchive("cannot read tar: a sparse file of too many pieces")


def _fields(block: bytes) -> Iterator[int]:
    for at in range(0, len(block), 24):
        if block[at + 12] == 0:
            return
        yield number(block[at : at + 12])
        yield number(block[at + 12 : at + 24])


def _map_in_data(source: Source, stored: int) -> tuple[tuple[int, ...], int]:
    """Format 1.0: the map is the start of the data, decimal numbers in lines, padded to a block."""
    numbers: list[int] = []
    told, rest = 0, b""
    while not (numbers and len(numbers) > 2 * numbers[0] >= 0):
        if told >= stored or len(rest) > 20 or (numbers and not 0 <= numbers[0] <= _LIMIT):
            raise InvalidArchive("cannot read tar: the map of a sparse file makes no sense")
        *lines, rest = (rest + source.take(_BLOCK)).split(b"\n")
        told += _BLOCK
        numbers += [decimal(line) for line in lines]
    return tuple(numbers[1 : 1 + 2 * numbers[0]]), told


def _checked(numbers: Sequence[int], size: int, stored: int) -> Extents:
    found = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) % 2 or not _fits(found, size) or sum(length for _, length in found) > stored:
        raise InvalidArchive("cannot read tar: the map of a sparse file makes no sense")
    return tuple(piece for piece in found if piece[1])


def _fits(found: Extents, size: int) -> bool:
    """In order, not overlapping, inside the file."""
    bounds = [(offset, offset + length) for offset, length in found]
    inside = all(0 <= begin <= end <= size for begin, end in bounds)
    return inside and all(one[1] <= two[0] for one, two in pairwise(bounds))
