"""npm: every directory in a ``node_modules`` that has a ``package.json`` with a name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content

_MANIFEST = re.compile(r"^(?P<root>.*/node_modules/(?:@[^/]+/)?[^/@.][^/]*)/package\.json$")


class Npm:
    """Cataloger of ``node_modules``; a package's record is its own ``package.json``, so nothing is rewritten."""

    name = "npm"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path, entry in tree.items():
            found = _MANIFEST.match(path) if path.endswith("/package.json") else None
            if found and entry.kind is Kind.FILE:
                package = _package(tree, path, found["root"])
                if package:
                    yield package

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _package(tree: FileTree, manifest: str, root: str) -> Package | None:
    try:
        document = json.loads(content(tree, manifest))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("name"), str):
        return None
    version = document.get("version")
    return Package(
        "npm",
        document["name"],
        version if isinstance(version, str) else "",
        files=frozenset(_own(tree, root)),
        records=frozenset((manifest,)),
        root=root,
    )


def _own(tree: FileTree, root: str) -> Iterator[str]:
    """What is below ``root``, without the packages that are installed in it."""
    waiting = [root]
    while waiting:
        for path in tree.children(waiting.pop()):
            if tree[path].kind is not Kind.DIRECTORY:
                yield path
            elif not path.endswith("/node_modules"):
                waiting.append(path)
