"""Python distributions: ``*.dist-info`` (packaging.python.org, "Recording installed projects") and ``*.egg-info``."""

from __future__ import annotations

import csv
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from email.parser import HeaderParser
from itertools import chain

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content, is_plain, text, trouble

_INFO = (".dist-info", ".egg-info")
#: Of a directory (of an old ``egg-info`` the file itself); the first that is there counts.
_METADATA = ("METADATA", "PKG-INFO")
_NAMED = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py\d[^-]*(?:-.+)?)?\.(?:dist|egg)-info")
#: In ``Package.attributes``: no metadata say the name or the version.
FROM_NAME = {"from": "the directory's name"}


class Pypi:
    """Cataloger of installed distributions. Their records are their own files, so nothing is rewritten."""

    name = "pypi"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``. Without metadata a directory's name tells both: ``foo-1.2.dist-info``."""
        for info in _infos(tree):
            package, _ = _read(tree, info)
            if package.name:
                yield _with_files(tree, info, package)

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for info in _infos(tree):
            _, reason = _read(tree, info)
            if reason:
                yield Gap(_metadata(tree, info) or info, reason)
            for record in (f"{info}/RECORD", f"{info}/installed-files.txt"):
                if reason := trouble(tree, record):
                    yield Gap(record, reason)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _infos(tree: FileTree) -> Iterator[str]:
    """What describes a distribution: directories in which something is, and files."""
    for path, entry in tree.items():
        if path.endswith(_INFO) and (entry.kind is not Kind.DIRECTORY or tree.children(path)):
            reached = tree.resolve(path) if entry.kind is Kind.SYMLINK else None
            if reached is None or not reached.path.endswith(_INFO):  # else it is found where it is
                yield path


def _metadata(tree: FileTree, info: str) -> str:
    """The path of the metadata; empty where a directory has none."""
    if tree[info].kind is not Kind.DIRECTORY:
        return info
    return next((path for name in _METADATA if (path := f"{info}/{name}") in tree), "")


def _read(tree: FileTree, info: str) -> tuple[Package, str]:
    """The package without its files, or without a name, and what cannot be read, as the end of a sentence."""
    metadata = _metadata(tree, info)
    reason = trouble(tree, metadata) if metadata else ""
    name, version = described(content(tree, metadata)) if metadata and not reason else ("", "")
    if name and version:
        return Package("pypi", name, version), ""
    if metadata and not reason:
        reason = f"it says no {'version' if name else 'name'}"
    named = _NAMED.fullmatch(posixpath.basename(info)) if info.isprintable() else None
    if named is None:
        return Package("pypi", name, version), reason or "it has no metadata, and its name says no version"
    package = Package("pypi", name or named["name"], version or named["version"], attributes=FROM_NAME)
    return package, reason


def described(metadata: bytes) -> tuple[str, str]:
    """Name and version in the metadata; empty where they are none."""
    said = metadata.decode("utf-8", "replace")  # a parser of mail takes escaped bytes amiss
    headers = HeaderParser().parsestr(said.partition("\n\n")[0])
    name, version = (str(headers.get(key, "")).strip() for key in ("Name", "Version"))
    return (name if _is_said(name) else ""), (version if _is_said(version) else "")


def _is_said(value: str) -> bool:
    return is_plain(value) and value.isascii()


def _with_files(tree: FileTree, info: str, package: Package) -> Package:
    site = posixpath.dirname(info).rstrip("/")
    records = frozenset(p for p in tree.below(info) if tree[p].kind is not Kind.DIRECTORY)
    files = frozenset(_recorded(tree, site, info)) or frozenset(_guessed(tree, site, info, package.name))
    return replace(package, files=files | records, records=records, root=info)


def _recorded(tree: FileTree, site: str, info: str) -> Iterator[str]:
    """The files of RECORD (or of the older installed-files.txt), as the tree has them."""
    rows = ((site, row[0]) for row in _rows(text(tree, f"{info}/RECORD")) if row)
    lines = ((info, line) for line in text(tree, f"{info}/installed-files.txt").splitlines())
    for home, said in chain(rows, lines):
        path = said if said.startswith("/") else posixpath.normpath(f"{home}/{said}")
        if path in tree and tree[path].kind is not Kind.DIRECTORY:
            yield path


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error:
        return []


def _guessed(tree: FileTree, site: str, info: str, name: str) -> Iterator[str]:
    """Without a record: the modules of top_level.txt, else the one that is called like the distribution."""
    tops = text(tree, f"{info}/top_level.txt").split() or [re.sub(r"[-.]+", "_", name), name.lower()]
    for top in dict.fromkeys(tops):
        for path in (f"{site}/{top}", f"{site}/{top}.py"):
            yield from (p for p in tree.below(path) if tree[p].kind is not Kind.DIRECTORY)
        for path in tree.children(site):
            if re.fullmatch(rf"{re.escape(f'{site}/{top}')}\..*\.so", path):
                yield path
