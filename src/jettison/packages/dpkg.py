"""dpkg: the packages of Debian and Ubuntu (dpkg(1), FILES), and of distroless images (``status.d``).

Records from before the merged ``/usr`` name ``/bin/ls`` where the file is ``/usr/bin/ls``: a path is taken as the
container would reach it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.deb822 import paragraphs, render
from jettison.packages.model import Gap, Package
from jettison.packages.records import DOCUMENTATION, content, is_record, text

STATUS = "/var/lib/dpkg/status"
STATUS_D = "/var/lib/dpkg/status.d"
INFO = "/var/lib/dpkg/info"
_DIVERSIONS = "/var/lib/dpkg/diversions"
#: How the lists are called (``NAME:ARCH.list`` since format 1), and which foreign architectures there are.
_FORMAT = (f"{INFO}/format", "/var/lib/dpkg/arch")
_SOURCE = re.compile(r"([^\s(]+)(?:\s*\(([^)]*)\))?")


class Dpkg:
    """Cataloger of ``/var/lib/dpkg``."""

    name = "dpkg"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        paths = _Paths(tree)
        for fields in paragraphs(text(tree, STATUS)):
            package = _package(dict(fields))
            if package:
                yield _with_files(package, tree, paths)
        for path in tree.children(STATUS_D):
            if path.endswith(".md5sums"):
                continue
            for fields in paragraphs(text(tree, path)):
                package = _package({"Status": "install ok installed", **dict(fields)})
                if package:
                    yield _distroless(package, path, tree, paths)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        mine = [package for package in packages if package.type == "deb"]
        alive = [p for p in mine if any(not DOCUMENTATION.match(file) for file in p.files & kept)]
        result: dict[str, bytes | None] = dict.fromkeys(_everything(tree))
        if is_record(tree, STATUS):
            result[STATUS] = _trimmed_status(tree, alive, kept)
        if alive:
            result |= {path: content(tree, path) for path in _FORMAT if is_record(tree, path)}
        paths = _Paths(tree)
        for record in {record for package in alive for record in package.records}:
            result[record] = _trimmed_record(tree, record, kept, paths)
        return result


class _Paths:
    """From a path as a record writes it to the path as the tree has it, or ``None``; directories are none."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._parents: dict[str, str | None] = {}
        self._diverted = _diversions(text(tree, _DIVERSIONS))

    def find(self, path: str, package: str = "") -> str | None:
        if path in self._diverted and self._diverted[path][1] != package:
            path = self._diverted[path][0]
        real = self.place(path)
        entry = self._tree.get(real) if real else None
        return real if entry is not None and entry.kind is not Kind.DIRECTORY else None

    def place(self, path: str) -> str | None:
        """The path with its parent's symlinks followed."""
        parent, _, name = path.rpartition("/")
        if parent not in self._parents:
            self._parents[parent] = self._tree.walk(parent or "/")[0]
        real = self._parents[parent]
        return None if real is None else f"{'' if real == '/' else real}/{name}"


def _diversions(text: str) -> dict[str, tuple[str, str]]:
    """Path -> (where other packages' file went, the package that diverted it); three lines each."""
    lines = text.splitlines()
    return {lines[n]: (lines[n + 1], lines[n + 2]) for n in range(0, len(lines) - 2, 3)}


def _package(fields: Mapping[str, str]) -> Package | None:
    if not fields.get("Status", "").endswith(" installed") or not fields.get("Package"):
        return None
    found = _SOURCE.match(fields.get("Source", ""))
    return Package(
        "deb",
        fields["Package"],
        fields.get("Version", ""),
        fields.get("Architecture", ""),
        source=found[1] if found else fields["Package"],
        attributes={"source_version": (found[2] if found and found[2] else "") or fields.get("Version", "")},
    )


def _with_files(package: Package, tree: FileTree, paths: _Paths) -> Package:
    """The files of ``info/NAME.list``, or ``NAME:ARCH.list`` where several architectures may be installed."""
    stems = (f"{INFO}/{package.name}", f"{INFO}/{package.name}:{package.architecture}")
    records = [f"{stem}.{kind}" for stem in stems for kind in ("list", "md5sums") if is_record(tree, f"{stem}.{kind}")]
    files: set[str] = set()
    for record in records:
        if record.endswith(".list"):
            found = (paths.find(line, package.name) for line in _leaves(text(tree, record)))
            files.update(path for path in found if path)
    return _filled(package, files, records)


def _leaves(text: str) -> list[str]:
    """The lines of a ``.list`` that lead to no other line: ``/bin`` may be a link since."""
    lines = [line for line in text.splitlines() if line]
    parents = {"/.", *(posixpath.dirname(line) for line in lines)}
    return [line for line in lines if line not in parents]


def _distroless(package: Package, record: str, tree: FileTree, paths: _Paths) -> Package:
    """``status.d/NAME`` and ``NAME.md5sums``, whose paths are relative."""
    records = [record]
    files: set[str] = set()
    if is_record(tree, f"{record}.md5sums"):
        records.append(f"{record}.md5sums")
        for line in text(tree, f"{record}.md5sums").splitlines():
            found = paths.find("/" + line.partition("  ")[2].strip().lstrip("/"))
            files.update([found] if found else ())
    return _filled(package, files, records)


def _filled(package: Package, files: set[str], records: list[str]) -> Package:
    return Package(
        package.type, package.name, package.version, package.architecture, package.source, frozenset(files),
        frozenset(records), "", package.attributes,
    )  # fmt: skip


def _trimmed_status(tree: FileTree, alive: list[Package], kept: frozenset[str]) -> bytes:
    wanted = {(package.name, package.architecture) for package in alive}
    paths = _Paths(tree)
    found = []
    for fields in paragraphs(text(tree, STATUS)):
        values = dict(fields)
        if (values.get("Package"), values.get("Architecture", "")) in wanted:
            found.append(
                render([pair for pair in _trimmed_fields(fields, kept, paths, values["Package"]) if pair is not None])
            )
    return "".join(found).encode("utf-8", "surrogateescape")


def _trimmed_fields(
    fields: list[tuple[str, str]], kept: frozenset[str], paths: _Paths, package: str
) -> Iterator[tuple[str, str] | None]:
    for name, value in fields:
        if name == "Description":
            yield name, value.partition("\n")[0]  # the synopsis; the rest is documentation
            continue
        if name != "Conffiles":
            yield name, value
            continue
        lines = [line for line in value.split("\n") if line.strip() and paths.find(line.split()[0], package) in kept]
        yield (name, "\n" + "\n".join(lines)) if lines else None


def _kept(path: str, kept: frozenset[str], paths: _Paths, record: str) -> bool:
    """Whether ``path``, written in the ``.list`` or ``.md5sums`` file ``record``, stays."""
    return paths.find(path, record.rpartition("/")[2].rpartition(".")[0].partition(":")[0]) in kept


def _trimmed_record(tree: FileTree, record: str, kept: frozenset[str], paths: _Paths) -> bytes:
    if record.endswith(".md5sums"):
        return _trimmed_sums(tree, record, kept, paths)
    return _trimmed_list(tree, record, kept, paths) if record.startswith(f"{INFO}/") else content(tree, record)


def _trimmed_list(tree: FileTree, path: str, kept: frozenset[str], paths: _Paths) -> bytes:
    """The lines whose path remains, and the directories that lead to these."""
    lines = [line for line in text(tree, path).splitlines() if line]
    files = [line for line in _leaves(text(tree, path)) if _kept(line, kept, paths, path)]
    parents = {"/."}
    for file in files:
        while (file := posixpath.dirname(file)) not in ("/", ""):
            parents.add(file)
    remaining = set(files) | parents
    return "".join(f"{line}\n" for line in lines if line in remaining).encode("utf-8", "surrogateescape")


def _trimmed_sums(tree: FileTree, path: str, kept: frozenset[str], paths: _Paths) -> bytes:
    lines = [line for line in text(tree, path).splitlines() if _kept("/" + line.partition("  ")[2], kept, paths, path)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _everything(tree: FileTree) -> Iterator[str]:
    """Every file of dpkg's own directory."""
    for path in tree.below("/var/lib/dpkg"):
        if tree[path].kind is not Kind.DIRECTORY:
            yield path
