"""dpkg: the packages of Debian and Ubuntu (dpkg(1), FILES), and of distroless images (``status.d``).

Records from before the merged ``/usr`` name ``/bin/ls`` where the file is ``/usr/bin/ls``: a path is taken as the
container would reach it. Of every state but ``not-installed`` and ``config-files`` files are there, so a package that
is ``half-installed`` or ``unpacked`` counts as one that is ``installed`` (dpkg(1), PACKAGE STATES).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.deb822 import broken, paragraphs, render
from jettison.packages.model import Gap, Package
from jettison.packages.records import DOCUMENTATION, content, is_plain, is_record, text, trouble

STATUS = "/var/lib/dpkg/status"
STATUS_D = "/var/lib/dpkg/status.d"
INFO = "/var/lib/dpkg/info"
_DIVERSIONS = "/var/lib/dpkg/diversions"
#: How the lists are called (``NAME:ARCH.list`` since format 1), and which foreign architectures there are.
_FORMAT = (f"{INFO}/format", "/var/lib/dpkg/arch")
_STATES = frozenset(
    ("installed", "half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending")
)
_GONE = frozenset(("not-installed", "config-files"))
#: Records in ``status.d`` have no ``Status``.
_ASSUMED = "install ok installed"
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
        for path in _distroless_records(tree):
            for fields in paragraphs(text(tree, path)):
                package = _package({"Status": _ASSUMED, **dict(fields)})
                if package:
                    yield _distroless(package, path, tree, paths)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for path, assumed in ((STATUS, ""), *((path, _ASSUMED) for path in _distroless_records(tree))):
            if reason := trouble(tree, path) or _amiss(text(tree, path), assumed):
                yield Gap(path, reason)
        for directory in (INFO, STATUS_D):
            if not _is_directory(tree, directory):
                yield Gap(directory, "it is no directory")
        for path in (_DIVERSIONS, *_lists(tree)):
            if reason := trouble(tree, path):
                yield Gap(path, reason)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``. A package stays for one configuration file: it is there, and the package's."""
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


def _distroless_records(tree: FileTree) -> list[str]:
    return [path for path in tree.children(STATUS_D) if not path.endswith(".md5sums")]


def _lists(tree: FileTree) -> Iterator[str]:
    """What says which files a package has."""
    for directory in (INFO, STATUS_D):
        yield from (path for path in tree.children(directory) if path.endswith((".list", ".md5sums")))


def _is_directory(tree: FileTree, path: str) -> bool:
    """Whether ``path`` is a directory that is read, or nothing; what a link leads to is not read."""
    entry = tree.get(path)
    return tree.resolve(path) is None if entry is None else entry.kind is Kind.DIRECTORY


def _amiss(said: str, assumed: str) -> str:
    """What cannot be read of paragraphs, as the end of a sentence; ``assumed`` is the status of one that says none."""
    found = [{"Status": assumed, **dict(fields)} for fields in paragraphs(said)]
    wrong = Counter(reason for fields in found if (reason := _missing(fields)))
    if lines := broken(said):
        wrong["broken lines"] = lines
    if not found and not lines:
        return "it has no paragraph" if said.strip() or assumed else ""
    return ", ".join(f"{reason}: {number}" for reason, number in sorted(wrong.items()))


def _missing(fields: Mapping[str, str]) -> str:
    """What a paragraph lacks; nothing is asked of a package that is not installed."""
    state = _state(fields)
    if state in _GONE:
        return ""
    if not _plain(fields, "Package"):
        return "paragraphs without a name"
    if state not in _STATES:
        return "paragraphs without a state"
    return "" if _plain(fields, "Version") else "paragraphs without a version"


def _state(fields: Mapping[str, str]) -> str:
    """The last of the three words of ``Status``."""
    return fields.get("Status", "").rpartition(" ")[2]


class _Paths:
    """From a path as a record writes it to the path as the tree has it, or ``None``; directories are none.

    Nor is ``/lib`` where it is a link: every package that brought an empty ``/lib`` would have what replaced it.
    """

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._parents: dict[str, str | None] = {}
        self._diverted = _diversions(text(tree, _DIVERSIONS))

    def find(self, path: str, package: str = "") -> str | None:
        if path in self._diverted and self._diverted[path][1] != package:
            path = self._diverted[path][0]
        real = self.place(path)
        entry = self._tree.get(real) if real else None
        if entry is None or entry.kind is Kind.DIRECTORY or self._replaces_a_directory(entry):
            return None
        return real

    def _replaces_a_directory(self, entry: FileEntry) -> bool:
        if entry.kind is not Kind.SYMLINK or entry.parent != "/":
            return False
        reached = self._tree.resolve(entry.path)
        return reached is not None and reached.kind is Kind.DIRECTORY

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
    name = _plain(fields, "Package")
    if _state(fields) not in _STATES or not name:
        return None
    found = _SOURCE.match(_plain(fields, "Source"))
    version = _plain(fields, "Version")
    return Package(
        "deb", name, version, _plain(fields, "Architecture"),
        source=found[1] if found else name,
        attributes={"source_version": (found[2] if found and found[2] else "") or version},
    )  # fmt: skip


def _plain(fields: Mapping[str, str], name: str) -> str:
    """The value of a field; empty where it cannot be shown, or there is none."""
    value = fields.get(name)
    return value if is_plain(value) else ""


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
        package = _package(dict(fields))
        if package and (package.name, package.architecture) in wanted:
            left = _trimmed_fields(fields, kept, paths, package.name)
            found.append(render([pair for pair in left if pair is not None]))
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
