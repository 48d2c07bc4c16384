"""What is installed in an image, by package manager; and package records that stay true when files go.

A cataloger is one file and one line of ``CATALOGERS``. Records are hostile input: what cannot be read is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jettison.filetree import FileTree
from jettison.packages.apk import DATABASES, Apk
from jettison.packages.composer import Composer
from jettison.packages.dpkg import STATUS, Dpkg
from jettison.packages.gem import Gems
from jettison.packages.model import Cataloger, Package
from jettison.packages.npm import Npm
from jettison.packages.pypi import Pypi
from jettison.packages.rpm import Rpm, is_installed

__all__ = ["CATALOGERS", "Cataloger", "Package", "catalog", "trim", "uncataloged"]

CATALOGERS: tuple[Cataloger, ...] = (Dpkg(), Apk(), Npm(), Pypi(), Gems(), Composer(), Rpm())


def catalog(tree: FileTree) -> tuple[Package, ...]:
    """Every package of every kind, sorted."""
    found = [package for cataloger in CATALOGERS for package in cataloger.catalog(tree)]
    return tuple(sorted(found, key=lambda p: (p.type, p.name, p.version, p.architecture, p.root)))


def trim(tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
    """Package records that stay true when only ``kept`` paths remain: path -> new content, ``None`` = drop."""
    packages = tuple(packages)
    result: dict[str, bytes | None] = {}
    for cataloger in CATALOGERS:
        result |= cataloger.trim(tree, packages, kept)
    return result


def uncataloged(tree: FileTree) -> tuple[str, ...]:
    """What is installed but cannot be told here, as sentences."""
    told: list[str] = []
    if is_installed(tree) and next(Rpm().catalog(tree), None) is None:
        told.append("the packages of an RPM distribution cannot be told: its database is dropped, not trimmed")
    debian = tuple(Dpkg().catalog(tree))
    for path, found in ((STATUS, debian), *((path, tuple(Apk().catalog(tree))) for path in DATABASES)):
        entry = tree.resolve(path)
        if entry is not None and entry.size and not found:
            told.append(f"no package can be told from {path}")
    lost = [package.name for package in debian if not package.records]
    if lost:
        some = ", ".join(lost[:3]) + (", …" if len(lost) > 3 else "")
        told.append(f"nothing tells the files of {len(lost)} Debian packages ({some}): their records are dropped")
    return tuple(told)
