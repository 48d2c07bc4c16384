"""Ruby gems: ``specifications/NAME-VERSION.gemspec`` beside ``gems/NAME-VERSION``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package

_SPEC = re.compile(
    r"^(?P<home>.*)/specifications/(?:default/)?(?P<name>[^/]+)-(?P<version>\d[^/-]*)(?:-[^/]+)?\.gemspec$"
)


class Gems:
    """Cataloger of installed gems. A gem's record is its gemspec, so nothing is rewritten."""

    name = "gem"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path, entry in tree.items():
            found = _SPEC.match(path) if path.endswith(".gemspec") else None
            if found and entry.kind is Kind.FILE:
                full = path.rpartition("/")[2].removesuffix(".gemspec")
                root = f"{found['home']}/gems/{full}"
                files = {p for p in tree.below(root) if tree[p].kind is not Kind.DIRECTORY}
                files |= set(_extensions(tree, found["home"], full))
                yield Package(
                    "gem", found["name"], found["version"], files=frozenset(files | {path}),
                    records=frozenset((path,)), root=root,
                )  # fmt: skip

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _extensions(tree: FileTree, home: str, full: str) -> Iterator[str]:
    """``extensions/PLATFORM/ABI/NAME-VERSION``: what was compiled."""
    for platform in tree.children(f"{home}/extensions"):
        for abi in tree.children(platform):
            yield from (p for p in tree.below(f"{abi}/{full}") if tree[p].kind is not Kind.DIRECTORY)
