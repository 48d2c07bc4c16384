"""The parts that every table for a terminal is made of."""

from __future__ import annotations

from collections.abc import Iterable

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jettison.report.printable import line

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(count: float) -> str:
    """Bytes in decimal units, three digits: ``1.27 GB``, ``41.3 MB``, ``812 B``."""
    for unit in _UNITS:
        if abs(count) < 999.5 or unit == _UNITS[-1]:
            break
        count /= 1000
    digits = 0 if unit == "B" or count >= 99.95 else 1 if count >= 9.995 else 2
    return f"{count:.{digits}f} {unit}"


def times(before: int, after: int) -> str:
    """How much smaller, in words."""
    return f"{before / after:.0f}× smaller" if after and before / after >= 1.95 else f"−{_percent(before, after)}"


def _percent(before: int, after: int) -> str:
    return f"{100 * (before - after) / before:.0f} %" if before else "0 %"


def spaced(part: Table) -> Padding:
    """With a blank line above."""
    return Padding(part, (1, 0, 0, 0))


def text(content: str, style: str = "") -> Text:
    """``content`` in one line, without what would move the cursor."""
    return Text(line(content), style)


def number(count: int, word: str, words: str = "") -> str:
    """``1 file``, ``2 files``; ``words`` is the plural where it is another."""
    return f"{count:,} {word if count == 1 else words or f'{word}s'}"


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """A table without lines; the columns in ``right`` are aligned to the right."""
    found = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    numeric = set(right)
    for column in columns:
        found.add_column(column, justify="right" if column in numeric else "left", overflow="fold")
    return found
