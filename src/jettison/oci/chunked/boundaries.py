"""Where large files are cut: by their content, so that bytes put in or taken out move only the cuts nearby."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

#: No chunk but the last of a file is smaller; a file up to twice this size is one chunk.
SMALLEST = 64 << 10
LARGEST = 1 << 20
_WINDOW = 4
#: Bytes hashed at a time: they and what is made of them fit into a processor's cache.
_STRIDE = 32 << 10
_MARK = b"\0\0"


def _tables() -> tuple[bytes, ...]:
    """A permutation of the bytes for each place in the window; always the same, as they decide about digests."""
    source = random.Random(0x6A65747469736F6E)
    return tuple(bytes(source.sample(range(256), 256)) for _ in range(_WINDOW))


_TABLES = _tables()


def chunks(content: Iterable[bytes | memoryview], size: int) -> Iterator[bytes]:
    """The bytes of a file of ``size`` bytes in chunks of at most ``LARGEST``; they average some 128 KiB."""
    if size <= 2 * SMALLEST:
        if data := b"".join(content):
            yield data
        return
    held = bytearray()
    for piece in content:
        held += piece
        if len(held) >= 2 * LARGEST:
            yield from _cut(held, whole=False)
    yield from _cut(held, whole=True)


def _cut(held: bytearray, *, whole: bool) -> Iterator[bytes]:
    """Take chunks off the front of ``held``; unless it is the ``whole`` rest, what may still grow stays there."""
    start = 0
    while (left := len(held) - start) >= (1 if whole else LARGEST):
        end = _mark(held, start + SMALLEST, min(start + LARGEST, len(held))) or start + min(LARGEST, left)
        yield bytes(held[start:end])
        start = end
    del held[:start]


def _mark(held: bytearray, begin: int, end: int) -> int:
    """The end of the first mark that ends in ``held[begin:end]``, or 0."""
    for at in range(begin, end, _STRIDE):
        before = at - _WINDOW
        found = _hashes(held[before : min(at + _STRIDE, end)]).find(_MARK, _WINDOW - 1)
        if found >= 0:
            return before + found + len(_MARK)
    return 0


def _hashes(data: bytearray) -> bytes:
    """A byte for each position that depends on the ``_WINDOW`` bytes that end there; the first few lack some.

    The same as a loop over a rolling sum would give, done on the whole as one long integer.
    """
    total = 0
    for place, table in enumerate(_TABLES):
        total ^= int.from_bytes(data.translate(table), "little") << (8 * place)
    return total.to_bytes(len(data) + _WINDOW, "little")[: len(data)]
