"""What is in an image, and what two images differ in, as data. Sizes are in bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class WasteKind(StrEnum):
    """Why bytes are of no use: a later layer has another file there, or none; or another path has the same content."""

    OVERWRITTEN = "overwritten"
    DELETED = "deleted"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Waste:
    """One file that is there in vain.

    ``layer`` is where it lies; ``by_layer`` what hides it; ``same_as`` the path that a duplicate is like.
    """

    kind: WasteKind
    path: str
    bytes: int
    layer: int
    by_layer: int | None = None
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One layer: what it brings, and what of that a container never sees. ``files`` are all but directories."""

    number: int
    instruction: str
    digest: str
    compressed_bytes: int
    bytes: int
    files: int
    hidden_bytes: int


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together: a package, a directory, a kind."""

    name: str
    bytes: int
    files: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """An image, looked into.

    ``disk_bytes`` is what a container sees, hard links once; ``layer_bytes`` what all layers bring. ``wasted_bytes``
    counts each byte once; ``efficiency`` is the share of ``layer_bytes`` that is not wasted (0 to 1).
    """

    image: str
    disk_bytes: int
    compressed_bytes: int
    layer_bytes: int
    files: int
    layers: tuple[LayerLine, ...]
    packages: tuple[Group, ...]
    directories: tuple[Group, ...]
    kinds: tuple[Group, ...]
    waste: tuple[Waste, ...]
    wasted_bytes: int
    efficiency: float


@dataclass(frozen=True, slots=True)
class Node:
    """A directory or a file of a treemap; ``bytes`` with all below. ``note`` says why it is there."""

    name: str
    bytes: int
    children: tuple[Node, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackageChange:
    """A package of one kind: ``before`` or ``after`` is ``""`` where it is not there, else its versions."""

    type: str
    name: str
    before: str
    after: str
    bytes: int


@dataclass(frozen=True, slots=True)
class PathChange:
    """A path: ``before`` and ``after`` in one line each, ``""`` where it is not there; ``what`` names what differs."""

    path: str
    before: str
    after: str
    bytes: int
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A key of the image's configuration."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two images. ``bytes`` of a change are after minus before."""

    before: str
    after: str
    before_bytes: int
    after_bytes: int
    packages: tuple[PackageChange, ...] = ()
    paths: tuple[PathChange, ...] = ()
    config: tuple[ConfigChange, ...] = field(default=())

    @property
    def same(self) -> bool:
        """Whether there is none."""
        return not (self.packages or self.paths or self.config)
