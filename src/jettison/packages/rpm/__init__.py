"""RPM: the packages of Fedora, Red Hat and SUSE, from the database of what is installed, of all three formats.

What remains is written as ``rpmdb.sqlite``, which RPM and scanners read whatever format was there before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import DOCUMENTATION
from jettison.packages.rpm import berkeley, header, ndb, sqlite

_DIRECTORIES = ("/var/lib/rpm", "/usr/lib/sysimage/rpm")
_SQLITE = "rpmdb.sqlite"
_DATABASES = (_SQLITE, "Packages.db", "Packages")
#: Bytes of a database; 1,500 packages have 100 MB.
_LIMIT = 256 << 20
#: The keys of trusted builders, which RPM keeps as if they were packages.
_KEY = "gpg-pubkey"


class Rpm:
    """Cataloger of the database."""

    name = "rpm"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path in _found(tree):
            for _, _, package in _packages(tree, path, lambda gap: None):
                yield package

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        gaps: list[Gap] = []
        for path in _found(tree):
            for _ in _packages(tree, path, gaps.append):
                pass
        return iter(dict.fromkeys(gaps))

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        wanted = {(p.name, p.version, p.architecture) for p in packages if p.type == "rpm" and _is_alive(p, kept)}
        found = list(_found(tree))
        result: dict[str, bytes | None] = dict.fromkeys(_everything(tree) if is_installed(tree) else ())
        for path in found if wanted else ():
            result |= _trimmed(tree, path, wanted)
        return result


def is_installed(tree: FileTree) -> bool:
    """Whether RPM installed packages in ``tree``."""
    return next(_found(tree), None) is not None


def _found(tree: FileTree) -> Iterator[str]:
    """The databases that are there, each once: one directory may be a link to the other."""
    seen = set()
    for directory in _DIRECTORIES:
        for name in _DATABASES:
            entry = tree.resolve(f"{directory}/{name}")
            if entry is not None and entry.kind is not Kind.DIRECTORY and entry.path not in seen:
                seen.add(entry.path)
                yield entry.path


def _read(tree: FileTree, path: str) -> bytes:
    """What is in a database; raises ``ValueError`` for what is no file, or too big."""
    entry = tree[path]
    if entry.kind is not Kind.FILE:
        raise ValueError("it is no file")
    if entry.size > _LIMIT:
        raise ValueError(f"it is bigger than {_LIMIT >> 20} MB")
    return tree.read(entry, _LIMIT)


def _log(tree: FileTree, path: str) -> bytes:
    """What SQLite had not yet written into the database itself."""
    entry = tree.resolve(f"{path}-wal")
    return tree.read(entry, _LIMIT) if entry and entry.kind is Kind.FILE and entry.size <= _LIMIT else b""


def _headers(tree: FileTree, path: str) -> Iterator[tuple[int, bytes]]:
    data = _read(tree, path)
    if path.endswith(_SQLITE):
        yield from sqlite.headers(data, _log(tree, path))
    elif path.endswith(".db"):
        yield from enumerate(ndb.headers(data))
    else:
        yield from enumerate(berkeley.headers(data))


def _packages(tree: FileTree, path: str, tell: Callable[[Gap], None]) -> Iterator[tuple[int, bytes, Package]]:
    """Number, header and package, of what can be read; the rest is told."""
    paths = _Paths(tree)
    try:
        for number, blob in _headers(tree, path):
            try:
                package = _package(blob, path, paths)
            except ValueError as error:
                tell(Gap(path, str(error)))
                continue
            if package.name != _KEY:
                yield number, blob, package
    except (ValueError, OSError) as error:
        tell(Gap(path, f"the database of RPM cannot be read: {error}"))


def _package(blob: bytes, record: str, paths: _Paths) -> Package:
    values = header.read(blob)
    source, source_version = header.source(values)
    said = {"source_version": source_version, "vendor": header.vendor(values)}
    files = frozenset(real for path in header.files(values) if (real := paths.find(path)))
    return Package(
        "rpm", header.name(values), header.version(values), header.architecture(values), source, files,
        frozenset((record,)), attributes={key: value for key, value in said.items() if value},
    )  # fmt: skip


class _Paths:
    """From a path as a header has it to the path as the tree has it, after a merged ``/usr``."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._parents: dict[str, str | None] = {}

    def find(self, path: str) -> str | None:
        """``None`` for what is not there, or a directory."""
        parent, name = posixpath.split(path)
        if not name or not path.startswith("/"):
            return None
        if parent not in self._parents:
            self._parents[parent] = self._tree.walk(parent)[0]
        place = self._parents[parent]
        real = place if place is None else f"{place.rstrip('/')}/{name}"
        entry = self._tree.get(real) if real else None
        return real if entry is not None and entry.kind is not Kind.DIRECTORY else None


def _is_alive(package: Package, kept: frozenset[str]) -> bool:
    return any(not DOCUMENTATION.match(path) for path in package.files & kept)


def _everything(tree: FileTree) -> Iterator[str]:
    for directory in _DIRECTORIES:
        yield from (path for path in tree.below(directory) if tree[path].kind is not Kind.DIRECTORY)


def _trimmed(tree: FileTree, path: str, wanted: set[tuple[str, str, str]]) -> dict[str, bytes | None]:
    """The database of what remains; nothing where it cannot be written, so that it goes."""
    found = list(_packages(tree, path, lambda gap: None))
    remaining = [(n, blob, p) for n, blob, p in found if (p.name, p.version, p.architecture) in wanted]
    if not remaining:
        return {}
    try:
        if path.endswith(_SQLITE):
            return {path: sqlite.trimmed(_read(tree, path), _log(tree, path), {n for n, _, _ in remaining})}
    except ValueError:
        pass  # a table that cannot be changed: what was read of it is written anew
    new = sqlite.written([(package.name, blob) for _, blob, package in remaining])
    return {f"{posixpath.dirname(path)}/{_SQLITE}": new}
