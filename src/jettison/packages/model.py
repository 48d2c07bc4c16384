"""Packages: what a distribution or a language calls one, and which paths belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jettison.filetree import FileTree


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package.

    ``type`` is the purl type (``deb``, ``apk``, ``rpm``, ``npm``, ``pypi``, ``gem``, …); ``files`` are the paths
    that it owns, as they are in the tree (after a merged ``/usr``), directories not included; ``records`` are
    the files that say so (a dpkg ``.list``, a ``dist-info``); ``source`` is the source package's name;
    ``root`` is the directory that holds a language package whole (``""`` for distribution packages).
    """

    type: str
    name: str
    version: str
    architecture: str = ""
    source: str = ""
    files: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    root: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_distribution(self) -> bool:
        """Whether a distribution's package manager installed it."""
        return self.type in ("deb", "apk", "rpm")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A file of which the packages cannot be told, and why, as the end of a sentence: ``packed by UPX``."""

    path: str
    reason: str


class Cataloger(Protocol):
    """Finds the packages of one kind, and rewrites their records for what is kept of them."""

    @property
    def name(self) -> str: ...

    def catalog(self, tree: FileTree) -> Iterable[Package]:
        """Every package of this kind in ``tree``. Broken records raise nothing: they are passed over."""

    def gaps(self, tree: FileTree) -> Iterable[Gap]:
        """The records of this kind that are there and cannot be read, whole or in part."""

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """Package records that stay true when only ``kept`` paths remain: path -> new content, ``None`` = drop."""
