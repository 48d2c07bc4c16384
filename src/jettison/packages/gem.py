"""Ruby gems: ``specifications/NAME-VERSION.gemspec`` beside ``gems/NAME-VERSION``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import trouble

_SPEC = re.compile(
    r"^(?P<home>.*)/specifications/(?:default/)?(?P<name>[^/]+)-(?P<version>\d[^/-]*)(?:-[^/]+)?\.gemspec$"
)

_IN_PLACE = re.compile(r"/specifications/(?:default/)?[^/]*\.gemspec$")


class Gems:
    """Cataloger of installed gems. A gem's record is its gemspec, so nothing is rewritten."""

    name = "gem"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path, found in _specifications(tree):
            if not isinstance(found, str):
                yield _package(tree, path, found)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for path, found in _specifications(tree):
            if isinstance(found, str):
                yield Gap(path, found)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _specifications(tree: FileTree) -> Iterator[tuple[str, re.Match[str] | str]]:
    """Each gemspec with what its name says, or why that is nothing."""
    for path in tree:
        if path.endswith(".gemspec") and _IN_PLACE.search(path):
            found = _SPEC.match(path) if path.isprintable() else None
            yield path, trouble(tree, path) or found or "its name is not that of a gem with a version"


def _package(tree: FileTree, path: str, found: re.Match[str]) -> Package:
    full = posixpath.basename(path).removesuffix(".gemspec")
    root = f"{found['home']}/gems/{full}"
    files = {p for p in tree.below(root) if tree[p].kind is not Kind.DIRECTORY}
    files |= set(_extensions(tree, found["home"], full))
    return Package(
        "gem", found["name"], found["version"], files=frozenset(files | {path}), records=frozenset((path,)), root=root
    )


def _extensions(tree: FileTree, home: str, full: str) -> Iterator[str]:
    """``extensions/PLATFORM/ABI/NAME-VERSION``: what was compiled."""
    for platform in tree.children(f"{home}/extensions"):
        for abi in tree.children(platform):
            yield from (p for p in tree.below(f"{abi}/{full}") if tree[p].kind is not Kind.DIRECTORY)
