"""Lock files: what an application says it needs. They are read where nothing that was installed tells it better."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from jettison.filetree import FileTree
from jettison.packages.contained import lock_node, lock_others
from jettison.packages.contained.documents import parsed
from jettison.packages.model import Gap, Package

#: Below these are the lock files of installed packages, and of a distribution's: not what the image runs.
_INSTALLED = re.compile(
    r"/(?:node_modules|site-packages|dist-packages|vendor|gems|pkg/mod|\.cargo|\.cache)/|\A/usr/(?:share|lib)/"
)
#: A version of any ecosystem: no path, no URL, no blank.
_VERSION = re.compile(r"[A-Za-z0-9][^\s/:@]{0,199}")
_NAME = re.compile(r"[@A-Za-z0-9_][^\s:]{0,299}")


@dataclass(frozen=True, slots=True)
class _Lock:
    """How a lock file is read. ``beside`` is what is next to it once its packages are installed; then only
    ``installed`` reads it.
    """

    type: str
    read: Callable[[bytes], Iterable[tuple[str, str]]]
    beside: str = ""
    installed: Callable[[bytes], Iterable[tuple[str, str]]] | None = None


_LOCKS = {
    "package-lock.json": _Lock("npm", lock_node.npm, "node_modules", lock_node.application),
    "npm-shrinkwrap.json": _Lock("npm", lock_node.npm, "node_modules", lock_node.application),
    "yarn.lock": _Lock("npm", lock_node.yarn, "node_modules"),
    "pnpm-lock.yaml": _Lock("npm", lock_node.pnpm, "node_modules"),
    "composer.lock": _Lock("composer", lock_others.composer, "vendor/composer/installed.json"),
    "Gemfile.lock": _Lock("gem", lock_others.bundler),
    "Pipfile.lock": _Lock("pypi", lock_others.pipenv),
    "poetry.lock": _Lock("pypi", lock_others.python),
    "uv.lock": _Lock("pypi", lock_others.python),
    "Cargo.lock": _Lock("cargo", lock_others.cargo),
}
_NAMES = tuple(f"/{name}" for name in _LOCKS)


class Locks:
    """Finder of packages that lock files declare; each has the attribute ``declared``, for nobody has seen it."""

    name = "locks"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterator[Package]:
        """See ``Finder.find``."""
        installed = _Installed(tree)
        for path in tree:
            if path.endswith(_NAMES) and not _INSTALLED.search(path):
                lock = _LOCKS[path.rpartition("/")[2]]
                for name, version in _pairs(tree, path, lock, tell):
                    if not installed.has(lock.type, name, version):
                        yield _package(path, lock.type, name, version)


def _pairs(tree: FileTree, path: str, lock: _Lock, tell: Callable[[Gap], None]) -> list[tuple[str, str]]:
    read = lock.read
    if lock.beside and posixpath.join(posixpath.dirname(path), lock.beside) in tree:
        if lock.installed is None:
            return []
        read = lock.installed
    pairs = parsed(tree, path, lambda data: list(dict.fromkeys(read(data))), tell) or []
    return [(name, version) for name, version in pairs if _NAME.fullmatch(name) and _VERSION.fullmatch(version)]


def _package(path: str, kind: str, name: str, version: str) -> Package:
    where = frozenset((path,))
    return Package(kind, name, version, files=where, records=where, attributes={"declared": "lock file"})


class _Installed:
    """What is installed anywhere in the image, of the ecosystems that do not install next to the lock file."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree

    def has(self, kind: str, name: str, version: str) -> bool:
        if kind == "gem":
            return f"{name}-{version}" in self._gems
        return kind == "pypi" and f"{_normalized(name)}-{version.lower()}" in self._dists

    @cached_property
    def _gems(self) -> frozenset[str]:
        """``NAME-VERSION`` of every gemspec, also without its platform."""
        names = {posixpath.basename(p).removesuffix(".gemspec") for p in self._tree if p.endswith(".gemspec")}
        return frozenset(names | {re.sub(r"-(?:x86|aarch64|arm|java|universal)[^/]*\Z", "", name) for name in names})

    @cached_property
    def _dists(self) -> frozenset[str]:
        """``NAME-VERSION`` of every ``dist-info`` and ``egg-info``, its name as PEP 503 has it."""
        found = (posixpath.basename(p) for p in self._tree if p.endswith((".dist-info", ".egg-info")))
        parts = [re.sub(r"\.(?:dist|egg)-info\Z", "", name).split("-") for name in found]
        return frozenset(f"{_normalized(part[0])}-{part[1].lower()}" for part in parts if len(part) > 1)


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
