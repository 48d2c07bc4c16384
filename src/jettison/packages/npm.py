"""npm: every directory in a ``node_modules`` that has a ``package.json`` with a name."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content, is_plain, trouble

_MANIFEST = re.compile(r"^.*/node_modules/(?:@[^/]+/)?[^/@.][^/]*/package\.json$")


class Npm:
    """Cataloger of ``node_modules``; a package's record is its own ``package.json``, so nothing is rewritten."""

    name = "npm"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for manifest, found in _manifests(tree):
            if isinstance(found, dict):
                yield _package(tree, manifest, found)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for manifest, found in _manifests(tree):
            if isinstance(found, str):
                yield Gap(manifest, found)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _manifests(tree: FileTree) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each manifest at the root of a package, as an object with a name, or why it is none."""
    for path in tree:
        if path.endswith("/package.json") and _MANIFEST.match(path):
            yield path, trouble(tree, path) or _read(content(tree, path))


def _read(manifest: bytes) -> dict[str, Any] | str:
    try:
        document = json.loads(manifest)
    except (ValueError, RecursionError):
        return "it is no JSON"
    if not isinstance(document, dict):
        return "it is no JSON object"
    return document if is_plain(document.get("name")) else "it says no name"


def _package(tree: FileTree, manifest: str, document: Mapping[str, Any]) -> Package:
    root, version = posixpath.dirname(manifest), document.get("version")
    return Package(
        "npm",
        document["name"],
        version if is_plain(version) else "",
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
