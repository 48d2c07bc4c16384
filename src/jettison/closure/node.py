"""Node: what a module requires or imports by a literal name, found as Node finds it (nodejs.org, "Modules").

Of a package manager's files (npm, yarn) only ``require.resolve`` (and npm's ``resolveFrom``) is followed, which looks
without opening: an image is often started through one, and then only what it was seen to use is needed of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind

_LIMIT = 8 << 20
_SUFFIXES = (".js", ".cjs", ".mjs", ".jsx", ".ts")
_ASKED = re.compile(
    rb"""(?:\brequire(?:\.resolve)?\s*\(\s*|\bimport\s*\(\s*|\bfrom\s*|\bimport\s*)(?:"([^"\n]+)"|'([^'\n]+)'|`([^`$\n]+)`)"""
)
_RESOLVED = re.compile(
    rb"""\b(?:require\.resolve|resolveFrom)\s*\(\s*(?:__dirname\s*,\s*)?(?:"([^"\n]+)"|'([^'\n]+)')"""
)
_MANAGERS = re.compile(r"/node_modules/(?:npm|yarn|pnpm|corepack)/|^/opt/yarn-")
_TRIES = ("", ".js", ".json", ".node", ".mjs", ".cjs")
_CONDITIONS = ("node", "import", "require", "module-sync", "default")


def is_manager(path: str) -> bool:
    """Whether a file is a package manager's own."""
    return path.endswith(_SUFFIXES) and _MANAGERS.search(path) is not None


class Requires:
    """Closer: ``require``, ``import``, ``import()``; the ``package.json`` of every file that is kept."""

    name = "node"

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._documents: dict[str, Mapping[str, Any]] = {}

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if not entry.name.endswith(_SUFFIXES) or entry.size > _LIMIT:
            return
        evidence = Evidence("import", entry.path)
        manifest = self._manifest(entry.parent)
        if manifest:
            yield Edge(manifest, evidence)
        asked = _RESOLVED if is_manager(entry.path) else _ASKED
        for groups in set(asked.findall(tree.read(entry))):
            name = next(group for group in groups if group).decode("utf-8", "replace")
            yield from (Edge(path, evidence) for path in self.find(name, entry.parent))

    def find(self, name: str, directory: str) -> Iterator[str]:
        """The files of a request from a module in ``directory``: the module, and its ``package.json``."""
        if name.startswith(("./", "../", "/")) or name in (".", ".."):
            path = name if name.startswith("/") else f"{directory}/{name}"
            yield from self._file_or_directory(path)
        elif name.startswith("#"):
            manifest = self._manifest(directory)
            if manifest:
                root = manifest.rpartition("/")[0]
                targets = _targets(self._json(manifest).get("imports"), name)
                yield from (f"{root}/{target}" for target in targets if self._is_file(f"{root}/{target}"))
        elif not name.startswith("node:"):
            yield from self._package(name, directory)

    def _package(self, name: str, directory: str) -> Iterator[str]:
        parts = name.split("/")
        count = 2 if name.startswith("@") else 1
        package, rest = "/".join(parts[:count]), "/".join(parts[count:])
        while True:
            root, _ = self._tree.walk(f"{directory}/node_modules/{package}")
            if root and not directory.endswith("/node_modules"):
                yield f"{directory}/node_modules/{package}"
                yield from self._from(root, rest)
                return
            if not directory:
                return
            directory = directory.rpartition("/")[0]

    def _from(self, root: str, rest: str) -> Iterator[str]:
        manifest = f"{root}/package.json"
        document = self._json(manifest)
        if manifest in self._tree:
            yield manifest
        exports = document.get("exports")
        if exports is not None:
            for target in _targets(exports, f"./{rest}" if rest else "."):
                yield from self._file_or_directory(f"{root}/{target}")
        yield from self._file_or_directory(f"{root}/{rest}" if rest else root)

    def _file_or_directory(self, path: str) -> Iterator[str]:
        for suffix in _TRIES:
            if self._is_file(path + suffix):
                yield path + suffix
                return
        manifest = f"{path}/package.json"
        document = self._json(manifest)
        if document:
            yield manifest
        main = document.get("main")
        for inner in (main if isinstance(main, str) else "", "index"):
            for suffix in (*_TRIES, "/index.js"):
                if inner and self._is_file(f"{path}/{inner}{suffix}"):
                    yield f"{path}/{inner}{suffix}"
                    return

    def _is_file(self, path: str) -> bool:
        entry = self._tree.resolve(path)
        return entry is not None and entry.kind is Kind.FILE

    def _manifest(self, directory: str) -> str | None:
        """The nearest ``package.json``: it says whether a ``.js`` file is a module."""
        while directory and not directory.endswith("/node_modules"):
            if f"{directory}/package.json" in self._tree:
                return f"{directory}/package.json"
            directory = directory.rpartition("/")[0]
        return None

    def _json(self, path: str) -> Mapping[str, Any]:
        if path not in self._documents:
            self._documents[path] = self._read(path)
        return self._documents[path]

    def _read(self, path: str) -> Mapping[str, Any]:
        entry = self._tree.resolve(path)
        if entry is None or entry.kind is not Kind.FILE or entry.size > _LIMIT:
            return {}
        try:
            document = json.loads(self._tree.read(entry))
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


def _targets(exports: Any, wanted: str) -> Iterator[str]:
    """The files that an ``exports`` or ``imports`` map gives for ``wanted``, over all conditions of Node."""
    if isinstance(exports, dict) and any(str(key).startswith((".", "#")) for key in exports):
        for key, value in exports.items():
            head, star, tail = str(key).partition("*")
            if key == wanted:
                yield from _files(value, "")
            elif star and wanted.startswith(head) and wanted.endswith(tail) and len(wanted) >= len(head) + len(tail):
                yield from _files(value, wanted[len(head) : len(wanted) - len(tail)])
    elif wanted == ".":
        yield from _files(exports, "")


def _files(value: Any, star: str) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("*", star).removeprefix("./")
    elif isinstance(value, list):
        for item in value:
            yield from _files(item, star)
    elif isinstance(value, dict):
        for condition in _CONDITIONS:
            if condition in value:
                yield from _files(value[condition], star)
