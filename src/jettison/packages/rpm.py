"""RPM: the packages of Fedora, Red Hat and SUSE, which cannot be told: the database has no parser here.

The database goes: it would say that everything is still installed, and it cannot be trimmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package

_DIRECTORIES = ("/var/lib/rpm", "/usr/lib/sysimage/rpm")
_DATABASES = ("rpmdb.sqlite", "Packages.db", "Packages")


class Rpm:
    """Finds that there is a database, and drops it."""

    name = "rpm"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        return iter(())

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        if not is_installed(tree):
            return {}
        found = (path for directory in _DIRECTORIES for path in tree.below(directory))
        return {path: None for path in found if tree[path].kind is not Kind.DIRECTORY}


def is_installed(tree: FileTree) -> bool:
    """Whether RPM installed packages in ``tree``."""
    return any(tree.resolve(f"{directory}/{name}") for directory in _DIRECTORIES for name in _DATABASES)
