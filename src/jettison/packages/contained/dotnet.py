""".NET: ``NAME.deps.json`` beside an application or a shared framework lists the NuGet packages it was built from
(dotnet/cli, Documentation/specs/runtime-configuration-file.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jettison.filetree import FileTree
from jettison.packages.contained.documents import json_object, objects, parsed, string
from jettison.packages.model import Gap, Package

_FRAMEWORK = re.compile(r"/shared/(?P<name>Microsoft\.[A-Za-z]+\.App)/(?P<version>[0-9][^/]*)/(?P=name)\.deps\.json\Z")


class DotNet:
    """Finder of NuGet packages in ``deps.json`` files, and of the shared frameworks."""

    name = "dotnet"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterator[Package]:
        """See ``Finder.find``."""
        for path in tree:
            if path.endswith(".deps.json"):
                document = parsed(tree, path, json_object, tell)
                for name, version in _packages(document) if document else ():
                    yield _package(path, name, version)
                framework = _FRAMEWORK.search(path)
                if framework and document:
                    yield _package(path, framework["name"], framework["version"])


def _package(path: str, name: str, version: str) -> Package:
    return Package("nuget", name, version, files=frozenset((path,)), records=frozenset((path,)))


def _packages(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """``libraries`` has ``NAME/VERSION``; those of type ``project`` are the application's own.

    Only what the target of the running platform has is loaded; the others are for other platforms.
    """
    target = document.get("runtimeTarget")
    named = string(target.get("name")) if isinstance(target, dict) else string(target)
    targets = dict(objects(document.get("targets")))
    used = targets.get(named, {})
    for key, library in objects(document.get("libraries")):
        name, slash, version = key.rpartition("/")
        if slash and library.get("type") == "package" and (key in used or not used):
            yield name, version
