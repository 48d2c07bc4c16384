"""``Packages``, a hash of Berkeley DB, as RPM had it before 4.16 (Berkeley DB, dbinc/db_page.h).

Every page is looked at in turn, so buckets need not be known. Values too long for a page are chains of overflow pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MAGIC = 0x00061561
_HASH_PAGES = (2, 13)  # a page of pairs, unsorted or sorted
_OVERFLOW = 7
_INLINE, _OFF_PAGE = 1, 3
_PAGE_HEADER = 26


def headers(data: bytes) -> Iterator[bytes]:
    """The header of each package; raises ``ValueError`` for what is no such database."""
    order = next((o for o in "<>" if len(data) >= 72 and struct.unpack_from(f"{o}I", data, 12)[0] == _MAGIC), "")
    if not order:
        raise ValueError("it is no hash of Berkeley DB")
    size = struct.unpack_from(f"{order}I", data, 20)[0]
    if data[24]:
        raise ValueError("it is encrypted")
    if size not in {1 << power for power in range(9, 17)}:
        raise ValueError("its pages have no size")
    pages, last = _Pages(data, size, order), struct.unpack_from(f"{order}I", data, 32)[0]
    if last >= len(data) // size:
        raise ValueError("it is cut off")
    for number in range(1, last + 1):
        yield from pages.values(number)


class _Pages:
    """Pages of one size; how much is read in all is bounded by the size of the file."""

    def __init__(self, data: bytes, size: int, order: str) -> None:
        self._data, self._size, self._order = data, size, order
        self._left = len(data)

    def values(self, number: int) -> Iterator[bytes]:
        """The values of the pairs in a page, without that of the key 0, which is the number of the last package."""
        page = self._page(number)
        if page[25] not in _HASH_PAGES:
            return
        count = self._numbers("H", page, 20)[0]
        if _PAGE_HEADER + 2 * count > len(page):
            raise ValueError("a page is broken")
        offsets = self._numbers(f"{count}H", page, _PAGE_HEADER)
        ends = (self._size, *offsets)
        for pair in range(0, count - 1, 2):
            key = page[offsets[pair] + 1 : ends[pair]]
            if key != b"\0\0\0\0":
                yield self._item(page[offsets[pair + 1] : ends[pair + 1]])

    def _item(self, item: bytes) -> bytes:
        if item[:1] == bytes((_INLINE,)):
            return item[1:]
        if len(item) < 12 or item[0] != _OFF_PAGE:
            raise ValueError("a package is stored in an unknown way")
        number, total = self._numbers("2I", item, 4)
        return self._chain(number, total)

    def _chain(self, number: int, total: int) -> bytes:
        found = bytearray()
        while number and len(found) < total:
            page = self._page(number)
            self._left -= self._size
            if page[25] != _OVERFLOW or self._left < 0:
                raise ValueError("a package's pages lead nowhere")
            found += page[_PAGE_HEADER : _PAGE_HEADER + self._numbers("H", page, 22)[0]]
            number = self._numbers("I", page, 16)[0]
        if len(found) != total:
            raise ValueError("a package is cut off")
        return bytes(found)

    def _page(self, number: int) -> bytes:
        page = self._data[number * self._size : (number + 1) * self._size]
        if len(page) != self._size:
            raise ValueError("a page is outside of the file")
        return page

    def _numbers(self, form: str, page: bytes, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(f"{self._order}{form}", page, offset)
