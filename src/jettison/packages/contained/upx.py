"""Programs that UPX packed: what is in them shows only when they run."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.packages.contained.elf import HEAD, Program
from jettison.packages.model import Gap, Package

_MAGIC = b"UPX!"
#: Bytes at the end within which the second header is.
_TAIL = 128


def packed(program: Program) -> Iterator[Package | Gap]:
    """A gap for a packed program: UPX leaves no sections, and its mark behind the headers and at the end."""
    if program.sections:
        return
    tail = program.read(max(program.entry.size - _TAIL, 0), _TAIL)
    if _MAGIC in program.read(0, HEAD) or _MAGIC in tail:
        yield Gap(program.entry.path, "packed by UPX")
