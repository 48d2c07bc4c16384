"""Composer: the PHP packages of ``vendor/composer/installed.json`` (a list, or ``packages`` since Composer 2)."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content, is_plain, trouble

_RECORD = "/vendor/composer/installed.json"


class Composer:
    """Cataloger of ``vendor``. The record is read by the autoloader's own checks, so it is not rewritten."""

    name = "composer"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path in _records(tree):
            for document in _read(content(tree, path))[0]:
                yield _package(tree, path, document)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for path in _records(tree):
            if reason := trouble(tree, path) or _read(content(tree, path))[1]:
                yield Gap(path, reason)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _records(tree: FileTree) -> Iterator[str]:
    return (path for path in tree if path.endswith(_RECORD))


def _read(record: bytes) -> tuple[list[dict[str, Any]], str]:
    """The packages with a name, and what cannot be read, as the end of a sentence."""
    try:
        document = json.loads(record)
    except (ValueError, RecursionError):
        return [], "it is no JSON"
    found = document.get("packages") if isinstance(document, dict) else document
    if not isinstance(found, list):
        return [], "it has no list of packages"
    packages = [package for package in found if isinstance(package, dict) and is_plain(package.get("name"))]
    nameless = len(found) - len(packages)
    return packages, f"packages without a name: {nameless}" if nameless else ""


def _package(tree: FileTree, record: str, document: Mapping[str, Any]) -> Package:
    name, version, place = (document.get(key) for key in ("name", "version", "install-path"))
    home = posixpath.dirname(record)
    root = posixpath.normpath(f"{home}/{place if is_plain(place) else f'../{name}'}")
    if not _may_be_at(root, posixpath.dirname(home)):
        root = ""
    files = frozenset(path for path in tree.below(root) if tree[path].kind is not Kind.DIRECTORY)
    return Package(
        "composer", str(name), version if is_plain(version) else "", files=files, records=frozenset((record,)),
        root=root,
    )  # fmt: skip


def _may_be_at(root: str, vendor: str) -> bool:
    """Whether a package may have all below ``root``: in ``vendor``, or elsewhere in the project as in Drupal."""
    project = posixpath.dirname(vendor)
    return root.startswith(f"{vendor}/") or (
        project != "/" and root.startswith(f"{project}/") and not f"{vendor}/".startswith(f"{root}/")
    )
