"""What is installed in an image, by package manager; and package records that stay true when files go.

A cataloger is one file and one line of ``CATALOGERS``. Records are hostile input: what cannot be read is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
    told += _unread(tree, Dpkg(), (STATUS,), debian)
    told += _unread(tree, Apk(), DATABASES, tuple(Apk().catalog(tree)))
    lost = [package.name for package in debian if not package.records]
    if lost:
        told.append(
            f"nothing tells the files of {len(lost)} Debian packages ({_some(lost)}): their records are dropped"
        )
    return tuple(told)


def _unread(
    tree: FileTree, cataloger: Cataloger, databases: Iterable[str], found: tuple[Package, ...]
) -> Iterator[str]:
    """Databases of which nothing can be told, and records that cannot be read, which a trim does not keep."""
    entries = {path: tree.resolve(path) for path in databases}
    empty = [path for path, entry in entries.items() if entry is not None and entry.size and not found]
    yield from (f"no package can be told from {path}" for path in empty)
    wrong = [f"{gap.path}: {gap.reason}" for gap in cataloger.gaps(tree) if gap.path not in empty]
    if wrong:
        yield f"not all records of {cataloger.name} can be read, and what cannot may be dropped ({_some(wrong)})"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
