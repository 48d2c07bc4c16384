"""In which order the files of an eStargz layer come: first those that a container opens first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jettison.oci.chunked.members import Entry

#: A client fetches what is before the first of these when it mounts the layer, with the second nothing.
LANDMARK, NO_LANDMARK = ".prefetch.landmark", ".no.prefetch.landmark"
TABLE = "stargz.index.json"
#: What the format adds, and so replaces where it is there already.
ADDED = frozenset({LANDMARK, NO_LANDMARK, TABLE})


@dataclass(frozen=True, slots=True)
class Placed:
    """A member, and where its headers and its content are in the plain archive, in bytes."""

    entry: Entry
    headers: tuple[int, int]
    content: int


def normal(name: str) -> str:
    """A member's name as a path below the root, without ``./`` and slashes at its ends."""
    return "/".join(word for word in name.split("/") if word not in ("", "."))


def ordered(members: Mapping[str, Placed], first: Iterable[str]) -> tuple[Sequence[Placed], Sequence[Placed]]:
    """The members by their normal names, in two parts: those of ``first``, in its order, and all others as they were.

    What a member needs when it is unpacked goes before it: its directories, and the target of a hard link.
    """
    chosen: dict[str, Placed] = {}
    for path in first:
        for name in _with_needed(members, normal(path)):
            chosen.setdefault(name, members[name])
    return tuple(chosen.values()), tuple(placed for name, placed in members.items() if name not in chosen)


def _with_needed(members: Mapping[str, Placed], name: str) -> Iterator[str]:
    placed = members.get(name)
    if placed is None:
        return
    if placed.entry.kind == "hardlink":
        target = normal(placed.entry.link)
        if target in members and members[target].entry.kind != "hardlink":
            yield from _with_directories(members, target)
    yield from _with_directories(members, name)


def _with_directories(members: Mapping[str, Placed], name: str) -> Iterator[str]:
    words = name.split("/")
    for count in range(1, len(words) + 1):
        if (path := "/".join(words[:count])) in members:
            yield path
