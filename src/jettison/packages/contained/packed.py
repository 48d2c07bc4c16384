"""Python and Node.js from archives: wheels, zipped eggs, zipapps (PEP 427, Setuptools "The Internal Structure of Python
Eggs", Python zipapp), and Yarn's cache, which Plug'n'Play runs packages from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.zips import Archive, archives, opened
from jettison.packages.model import Gap, Package
from jettison.packages.pypi import described
from jettison.packages.records import is_plain
from jettison.packages.unowned import PYTHON, YARN, is_zipapp

_NESTED = re.compile(r"\.(?:whl|egg)\Z")
_NOTHING = re.compile(r"(?!)")
_METADATA = re.compile(r"(?:\A|/)(?:[^/]+\.dist-info/METADATA|(?:EGG-INFO|[^/]+\.egg-info)/PKG-INFO)\Z")
_MANIFEST = re.compile(r"\Anode_modules/(?:@[^/]+/)?[^/]+/package\.json\Z")


class Packed:
    """Finder of Python distributions and npm packages that are run from the archive that they came in."""

    name = "packed"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterator[Package]:
        """See ``Finder.find``."""
        for path, entry in tree.items():
            if entry.kind is not Kind.FILE or not entry.size:
                continue
            if YARN.fullmatch(path):
                yield from _packages(tree, entry, tell, _NOTHING, _MANIFEST, _npm)
            elif path.endswith(PYTHON) or (entry.is_executable and is_zipapp(tree, entry)):
                yield from _packages(tree, entry, tell, _NESTED, _METADATA, _python)


def _packages(
    tree: FileTree, entry: FileEntry, tell: Callable[[Gap], None], nested: re.Pattern[str], records: re.Pattern[str],
    read: Callable[[bytes], tuple[str, str, str]],
) -> Iterator[Package]:  # fmt: skip
    """What the records in the archive, and in those in it, name. An archive without one is left to be unowned."""
    where = frozenset((entry.path,))
    try:
        with opened(tree, entry) as file:
            for archive in archives(file, entry.path, nested, records, tell):
                for kind, name, version in sorted(set(_named(archive, read))):
                    yield Package(kind, name, version, files=where, records=where, attributes={"inside": archive.name})
    except OSError as error:
        tell(Gap(entry.path, f"not readable ({error})"))


def _named(archive: Archive, read: Callable[[bytes], tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    yield from (found for data in archive.records.values() if all(found := read(data)))


def _python(metadata: bytes) -> tuple[str, str, str]:
    return "pypi", *described(metadata)


def _npm(manifest: bytes) -> tuple[str, str, str]:
    try:
        told = json.loads(manifest)
    except (ValueError, RecursionError):
        return "npm", "", ""
    name, version = (told.get("name"), told.get("version")) if isinstance(told, dict) else (None, None)
    return "npm", name if is_plain(name) else "", version if is_plain(version) else ""
