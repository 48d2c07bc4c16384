"""Language packages: whole, where anything of them is used, with what they declare that they need.

A *unit* is one installed package: a directory in ``node_modules``, a Python distribution, a gem. What an import
statement names is found by the closure; what is loaded by a computed name is found here, because it was declared.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jettison.attribution import inside_packages
from jettison.closure.model import Evidence
from jettison.filetree import FileTree, Kind
from jettison.packages.model import Package
from jettison.plan.neverruns import never_runs
from jettison.plan.runtimes import PACKAGE_MANAGERS

_NODE_UNIT = re.compile(r"^(?P<root>.*/node_modules/(?:@[^/]+/)?[^/@.][^/]*)(?=/|$)")
_OUTER_NODE = re.compile(r"/node_modules/((?:@[^/]+/)?[^/]+)")
_PYTHON_UNIT = re.compile(r"^(?P<root>.*/(?:site|dist)-packages/[^/]+)(?=/|$)")
#: Documents larger than this are not read: no manifest is.
_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class Unit:
    """One installed language package: a directory (``package`` is ``None``), or the files that a package owns.

    ``root`` is the directory; for a package, which may share one, what tells it from others of its name.
    """

    name: str
    root: str
    package: Package | None = field(default=None, compare=False)

    @classmethod
    def of(cls, package: Package) -> Unit:
        """The unit of a catalogued package."""
        return cls(package.name, f"{package.type} {package.version} {package.root}", package)


class Language:
    """The language packages of one tree, looked up by path and by name."""

    def __init__(self, tree: FileTree, packages: Iterable[Package]) -> None:
        self._tree = tree
        language = [package for package in packages if not package.is_distribution]
        self._owners = {path: package for package in language for path in (*package.files, *package.records)}
        self._named = {(package.type, normal(package.name)): package for package in language}
        self._done: set[Unit] = set()

    def unit(self, path: str) -> Unit | None:
        """The unit that ``path`` is in; ``None`` outside of any, and in a package manager."""
        node = _NODE_UNIT.match(path)
        if node:
            outer = _OUTER_NODE.search(path)
            name = node["root"].rpartition("/node_modules/")[2]
            return None if outer and outer[1] in PACKAGE_MANAGERS else Unit(name, node["root"])
        package = self._owners.get(path)
        if package is not None and inside_packages(path):
            return None if normal(package.name) in PACKAGE_MANAGERS else Unit.of(package)
        python = _PYTHON_UNIT.match(path)
        if python and python["root"].rpartition("/")[2] not in (
            *PACKAGE_MANAGERS,
            "pkg_resources",
            "_distutils_hack",
        ):
            return Unit(python["root"].rpartition("/")[2], python["root"])
        return None

    def whole(self, kept: Iterable[str], *, with_all: bool = False) -> dict[str, Evidence]:
        """Everything of the units that ``kept`` paths are in and of those that they declare.

        ``with_all`` also gives what never runs. A unit is given once in the life of this object.
        """
        units = {unit for unit in map(self.unit, kept) if unit is not None}
        return self._files(units, with_all)

    def declared(self, manifests: Iterable[str], *, with_all: bool = False) -> dict[str, Evidence]:
        """Everything of the units that the application's own manifests declare for production."""
        units = {unit for manifest in manifests for unit in self._declared_in(manifest)}
        return self._files(units, with_all)

    def _files(self, units: set[Unit], with_all: bool) -> dict[str, Evidence]:
        found: dict[str, Evidence] = {}
        waiting = list(units - self._done)
        while waiting:
            unit = waiting.pop()
            if unit in self._done:
                continue
            self._done.add(unit)
            evidence = Evidence("package", str(unit.package) if unit.package else self._titled(unit))
            found |= {path: evidence for path in self._content(unit) if with_all or not never_runs(path)}
            waiting += self._needs(unit)
        return found

    def _content(self, unit: Unit) -> Iterator[str]:
        if unit.package:
            yield from (p for p in (*unit.package.files, *unit.package.records) if p in self._tree)
            return
        for path in self._tree.below(unit.root):
            if "/node_modules/" not in path[len(unit.root) :] and self._tree[path].kind is not Kind.DIRECTORY:
                yield path

    def _titled(self, unit: Unit) -> str:
        version = self._json(f"{unit.root}/package.json").get("version")
        return f"{unit.name} {version}" if isinstance(version, str) else unit.name

    def _needs(self, unit: Unit) -> Iterator[Unit]:
        if unit.package is None:
            yield from self._node_needs(unit.root)
        elif unit.package.type == "pypi":
            for record in unit.package.records:
                if record.endswith(("/METADATA", "/PKG-INFO", "/requires.txt")):
                    yield from self._python(requirements(self._text(record)))

    def _node_needs(self, directory: str) -> Iterator[Unit]:
        """The dependencies of a ``package.json`` that are installed; optional and peer ones where they are there."""
        document = self._json(f"{directory}/package.json")
        for key in ("dependencies", "optionalDependencies", "peerDependencies"):
            names = document.get(key)
            for name in names if isinstance(names, dict) else ():
                root = self._node_module(directory, name)
                unit = self.unit(root) if root else None
                if unit:
                    yield unit

    def _node_module(self, directory: str, name: str) -> str | None:
        """Where ``require(name)`` from ``directory`` finds its package (nodejs.org, "Loading from node_modules")."""
        while True:
            if not directory.endswith("/node_modules"):
                end, _ = self._tree.walk(f"{directory}/node_modules/{name}")
                if end:
                    return end
            if not directory:
                return None
            directory = directory.rpartition("/")[0]

    def _python(self, names: Iterable[str]) -> Iterator[Unit]:
        for name in names:
            package = self._named.get(("pypi", normal(name)))
            if package:
                yield Unit.of(package)

    def _declared_in(self, manifest: str) -> Iterator[Unit]:
        name = manifest.rpartition("/")[2]
        if name == "package.json":
            yield from self._node_needs(manifest.rpartition("/")[0])
        elif name == "requirements.txt":
            yield from self._python(requirements(self._text(manifest)))
        elif name == "pyproject.toml":
            yield from self._python(_project_dependencies(self._text(manifest)))
        elif name == "Gemfile.lock":
            locked = re.findall(r"^    ([A-Za-z0-9_.-]+) \(", self._text(manifest), re.MULTILINE)
            found = (self._named.get(("gem", normal(gem))) for gem in locked)
            yield from (Unit.of(package) for package in found if package)

    def _text(self, path: str) -> str:
        entry = self._tree.resolve(path)
        if entry is None or entry.kind is not Kind.FILE:
            return ""
        return self._tree.read(entry, _LIMIT).decode("utf-8", "replace")

    def _json(self, path: str) -> Mapping[str, Any]:
        try:
            document = json.loads(self._text(path) or "{}")
        except (ValueError, RecursionError):
            return {}  # a broken manifest declares nothing; Node would not read it either
        return document if isinstance(document, dict) else {}


#: File names in which an application declares what it needs.
MANIFESTS = ("package.json", "requirements.txt", "pyproject.toml", "Gemfile.lock")

_REQUIREMENT = re.compile(r"^(?:Requires-Dist:\s*)?([A-Za-z0-9][A-Za-z0-9._-]*)")


def normal(name: str) -> str:
    """A package name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> list[str]:
    """The unconditional names in a requirements file, a METADATA or a ``requires.txt`` (before its extras)."""
    metadata = text.startswith(("Metadata-Version", "Name:"))
    found = []
    for line in text.splitlines():
        if (line.startswith("[") or not line) and not metadata:
            if line:
                break
            continue
        if metadata and not line.startswith("Requires-Dist:"):
            continue
        match = _REQUIREMENT.match(line)
        if match and not re.search(r";.*\bextra\b", line):
            found.append(match[1])
    return found


def _project_dependencies(text: str) -> list[str]:
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    listed = project.get("dependencies", []) if isinstance(project, dict) else []
    return requirements("\n".join(str(line) for line in listed))
