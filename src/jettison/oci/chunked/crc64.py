"""CRC-64 of ISO 3309, as Go's ``hash/crc64`` has it: tar-split notes it of each file."""

from __future__ import annotations

_ONES = (1 << 64) - 1


def update(crc: int, data: bytes | memoryview) -> int:
    """The sum of what ``crc`` is the sum of, followed by ``data``; begin with 0.

    The polynomial is x^64 + x^4 + x^3 + x + 1. Squaring is linear modulo 2, so x^64n = x^4n + x^3n + x^n + 1 for
    every power of two n, and a megabyte is reduced in some twenty steps of long integers, not in a loop over bytes.
    The lowest bit of the first byte is the highest power.
    """
    value, width = int.from_bytes(data, "little") ^ crc ^ _ONES, 8 * len(data) + 64
    n = 1 << max(width.bit_length() - 7, 0)
    while width > 64:
        if width <= 64 * n:
            n >>= 1
            continue
        high = width - 64 * n
        top, value = value & ((1 << high) - 1), value >> high
        width = max(64 * n, high + 4 * n)
        value <<= width - 64 * n
        at = width - high
        value ^= top << at ^ top << (at - n) ^ top << (at - 3 * n) ^ top << (at - 4 * n)
    return value ^ _ONES
