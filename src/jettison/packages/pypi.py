"""Python distributions: ``*.dist-info`` (packaging.python.org, "Recording installed projects") and ``*.egg-info``."""

from __future__ import annotations

import csv
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import content, text

_METADATA = re.compile(r"^(?P<site>(?:/[^/]+)*)/(?P<info>[^/]+\.(?:dist|egg)-info)(?:/(?:METADATA|PKG-INFO))?$")


class Pypi:
    """Cataloger of installed distributions. Their records are their own files, so nothing is rewritten."""

    name = "pypi"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for path, entry in tree.items():
            if "-info" not in path or entry.kind is not Kind.FILE:
                continue
            found = _METADATA.match(path)
            if found:
                package = _package(tree, path, found["site"], f"{found['site']}/{found['info']}")
                if package:
                    yield package

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        return iter(())

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        return {}


def _package(tree: FileTree, metadata: str, site: str, info: str) -> Package | None:
    said = content(tree, metadata).decode("utf-8", "replace")  # a parser of mail takes escaped bytes amiss
    headers = HeaderParser().parsestr(said.partition("\n\n")[0])
    name = headers.get("Name")
    if not name:
        return None
    records = frozenset(p for p in tree.below(info) if tree[p].kind is not Kind.DIRECTORY)
    files = frozenset(_recorded(tree, site, info)) or frozenset(_guessed(tree, site, info, str(name)))
    return Package(
        "pypi", str(name), str(headers.get("Version", "")), files=files | records, records=records, root=info
    )


def _recorded(tree: FileTree, site: str, info: str) -> Iterator[str]:
    """The paths of RECORD (or of the older installed-files.txt), as the tree has them."""
    for row in _rows(text(tree, f"{info}/RECORD")):
        if row:
            path = row[0] if row[0].startswith("/") else posixpath.normpath(f"{site}/{row[0]}")
            if path in tree:
                yield path
    for line in text(tree, f"{info}/installed-files.txt").splitlines():
        path = posixpath.normpath(f"{info}/{line}")
        if path in tree:
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
