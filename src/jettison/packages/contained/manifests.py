"""``package.json`` outside of ``node_modules``: an application itself, or what a distribution keeps elsewhere, as
Debian does in ``/usr/share/nodejs``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from jettison.filetree import FileTree
from jettison.packages.contained.documents import json_object, parsed, string
from jettison.packages.model import Gap, Package

_NAME = re.compile(r"(?:@[A-Za-z0-9_.~-]+/)?[A-Za-z0-9_.~-]+")
_VERSION = re.compile(r"v?[0-9][A-Za-z0-9.+-]*")


class Manifests:
    """Finder of npm packages by their own ``package.json``, where it has a name and a version (npm, package.json)."""

    name = "manifests"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterator[Package]:
        """See ``Finder.find``. Many a ``package.json`` is something else, so none is a gap."""
        for path in tree:
            if path.endswith("/package.json") and "/node_modules/" not in path:
                document = parsed(tree, path, json_object, lambda gap: None) or {}
                name, version = string(document.get("name")), string(document.get("version"))
                if _NAME.fullmatch(name) and _VERSION.fullmatch(version):
                    where = frozenset((path,))
                    yield Package("npm", name, version, files=where, records=where)
