"""Composer: the PHP packages of ``vendor/composer/installed.json`` (a list, or ``packages`` since Composer 2)."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content

_RECORD = "/vendor/composer/installed.json"


class Composer:
    """Cataloger of ``vendor``. The record is read by the autoloader's own checks, so it is not rewritten."""

    name = "composer"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path in tree:
            if path.endswith(_RECORD):
                for document in _documents(content(tree, path)):
                    package = _package(tree, path, document)
                    if package:
                        yield package

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _documents(record: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(record)
    except (ValueError, RecursionError):
        return []
    found = document.get("packages") if isinstance(document, dict) else document
    return [package for package in found if isinstance(package, dict)] if isinstance(found, list) else []


def _package(tree: FileTree, record: str, document: Mapping[str, Any]) -> Package | None:
    name, version, place = (document.get(key) for key in ("name", "version", "install-path"))
    if not isinstance(name, str) or not name:
        return None
    home = posixpath.dirname(record)
    root = posixpath.normpath(f"{home}/{place if isinstance(place, str) and place else f'../{name}'}")
    if not root.startswith(f"{posixpath.dirname(home)}/"):
        return None  # outside of vendor: not a package that Composer brought
    files = frozenset(path for path in tree.below(root) if tree[path].kind is not Kind.DIRECTORY)
    return Package(
        "composer", name, version if isinstance(version, str) else "", files=files, records=frozenset((record,)),
        root=root,
    )  # fmt: skip
