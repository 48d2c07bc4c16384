"""Python: what a module imports, found where the interpreter of the image would find it.

Only files outside a package manager's own directory are followed. Modules of the standard library are followed too;
a whole package comes from the plan, which knows what a distribution declares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree, Kind

_LIMIT = 4 << 20
_LIBRARY = re.compile(r"(?P<library>/.*/(?:lib|lib64)/python3(?:\.\d+)?)(?:/(?:site|dist)-packages)?(?=/|$)")
_MANAGERS = re.compile(r"/(?:site|dist)-packages/(?:pip|setuptools|pkg_resources|wheel|_distutils_hack)/")
# Without anything before the keyword a search is ten times faster; _is_statement looks at what stands there.
_IMPORT = re.compile(rb"import[ \t]+([\w., \t]+)")
_FROM = re.compile(rb"from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)+)")
_CALLED = re.compile(rb"(?:import_module|__import__)\s*\(\s*['\"]([\w.]+)['\"]")


class Imports:
    """Closer: import statements and literal ``import_module`` calls; ``dist-info`` of what is imported."""

    name = "python"

    def __init__(self, tree: FileTree, search: tuple[str, ...] = ()) -> None:
        self._tree = tree
        self._search = search

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if not entry.name.endswith(".py") or entry.size > _LIMIT or _MANAGERS.search(entry.path):
            return
        evidence = Evidence("import", entry.path)
        yield from (Edge(path, evidence) for path in self._packages_above(entry.path))
        for name in imported(tree.read(entry), *self._package_of(entry.path)):
            yield from (Edge(path, evidence) for path in self.find(name, entry.parent))

    def _packages_above(self, path: str) -> Iterator[str]:
        directory = path.rpartition("/")[0]
        while f"{directory}/__init__.py" in self._tree:
            yield f"{directory}/__init__.py"
            directory = directory.rpartition("/")[0]

    def _package_of(self, path: str) -> tuple[str, ...]:
        """The dotted package of a file, for relative imports, as parts."""
        parts: list[str] = []
        directory = path.rpartition("/")[0]
        while f"{directory}/__init__.py" in self._tree:
            directory, _, name = directory.rpartition("/")
            parts.insert(0, name)
        return tuple(parts)

    def find(self, name: str, beside: str) -> Iterator[str]:
        """The files of module ``name``: its own, those of the packages above it, and an extension module."""
        for base in self._bases(beside):
            found = list(self._in(base, name.split(".")))
            if found:
                yield from found
                return

    def _bases(self, beside: str) -> Iterator[str]:
        yield beside
        top = beside
        while f"{top}/__init__.py" in self._tree:
            top = top.rpartition("/")[0]
            yield top
        yield from self._search
        yield from self._directories

    @cached_property
    def _directories(self) -> tuple[str, ...]:
        """Every directory that an interpreter of the image has on its path by default, and what ``.pth`` files add."""
        found: dict[str, None] = {}
        for path, entry in self._tree.items():
            if entry.kind is Kind.DIRECTORY and "/python3" in path and _LIBRARY.fullmatch(path):
                found |= dict.fromkeys((path, f"{path}/lib-dynload"))
                found |= dict.fromkeys(self._pth(path))
        return tuple(found)

    def _pth(self, directory: str) -> Iterator[str]:
        for path in self._tree.children(directory):
            if path.endswith(".pth") and self._tree[path].kind is Kind.FILE:
                for line in self._tree.read(self._tree[path], 1 << 16).decode("utf-8", "replace").splitlines():
                    if line.strip() and not line.startswith(("import", "#")):
                        yield line.strip() if line.startswith("/") else f"{directory}/{line.strip()}"

    def _in(self, base: str, parts: list[str]) -> Iterator[str]:
        here = base
        for number, part in enumerate(parts):
            package = f"{here}/{part}"
            if (init := f"{package}/__init__.py") in self._tree:
                yield init
            elif number < len(parts) - 1 and package in self._tree:
                pass  # a namespace package
            else:
                yield from self._module(package)
                return
            here = package

    def _module(self, stem: str) -> Iterator[str]:
        if f"{stem}.py" in self._tree:
            yield f"{stem}.py"
        directory, _, name = stem.rpartition("/")
        for path in self._extensions.get(directory, ()):
            last = path.rpartition("/")[2]
            if last.startswith(f"{name}.") and last.endswith(".so"):
                yield path

    @cached_property
    def _extensions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._tree:
            if path.endswith(".so") and ("/python3" in path or "-packages/" in path):
                found.setdefault(path.rpartition("/")[0], []).append(path)
        return found


def imported(source: bytes, *package: str) -> set[str]:
    """The dotted names that a module imports, ``from a import b`` as ``a`` and ``a.b``.

    Read by pattern, not by the parser of this machine's Python: the image's may be older or newer. What a text in
    the source quotes is taken too; it is looked up afterwards, and costs nothing where there is no such module.
    """
    found: set[str] = set()
    for match in _IMPORT.finditer(source):
        if _is_statement(source, match.start()):
            found |= {_first_word(name) for name in match[1].split(b",")}
    for match in _FROM.finditer(source):
        if _is_statement(source, match.start()):
            base = _absolute(match[1].decode("ascii", "replace"), package)
            parts = re.sub(rb"#[^\n]*|[()\\]", b" ", match[2]).split(b",")
            found |= {base, *(f"{base}.{_first_word(name)}".strip(".") for name in parts)}
    found |= {name.decode("ascii", "replace") for name in _CALLED.findall(source)}
    return {name for name in found if re.fullmatch(r"\w[\w.]*", name)}


def _is_statement(source: bytes, start: int) -> bool:
    """Whether what starts there is the first thing on its line, or after ``;`` or ``:``."""
    before = source[source.rfind(b"\n", 0, start) + 1 : start].strip()
    return not before or before.endswith((b";", b":"))


def _first_word(text: bytes) -> str:
    words = text.split()
    return words[0].decode("ascii", "replace") if words else ""


def _absolute(module: str, package: tuple[str, ...]) -> str:
    """``..name`` seen from ``package``."""
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    above = package[: len(package) - level + 1]
    return ".".join([*above, module[level:]] if module[level:] else above)
