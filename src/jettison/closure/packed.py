"""Names in strings that are packed without separators, as Go and Rust have them: ``invalid/data/a.txttext/plain``.

Where a name ends only the tree can tell: the longest name that it has is taken, component by component.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jettison.filetree import FileTree, Kind

#: Of a packed string, no path is longer than this.
_REACH = 256
_ZONE_START = re.compile(rb"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/")
_SONAME_END = re.compile(rb"\.so(?:\.[0-9]+)*")


def paths(tree: FileTree, text: bytes) -> Iterator[str]:
    """The files of at least two components that ``text`` names.

    No directories: that a longer name is meant cannot be told, and the language's own library names many of them.
    """
    tops = b"|".join(re.escape(path[1:].encode("utf-8", "surrogateescape")) for path in tree.children("/"))
    if not tops:
        return
    for match in set(re.findall(rb"(?=(/(?:%b)/[\x21-\x7e]{1,%d}))" % (tops, _REACH), text)):
        yield from _longest(tree, match.decode("ascii", "replace"))


def _longest(tree: FileTree, text: str) -> Iterator[str]:
    here, rest = "", text
    while rest.startswith("/"):
        directory, _ = tree.walk(here or "/")
        names = (path.rpartition("/")[2] for path in tree.children(directory or ""))
        fitting = [name for name in names if rest.startswith(name, 1)]
        if not fitting:
            break
        name = max(fitting, key=len)
        here, rest = f"{here}/{name}", rest[len(name) + 1 :]
    entry = tree.resolve(here) if here.count("/") > 1 else None
    if entry is not None and entry.kind is not Kind.DIRECTORY:
        yield here


def zones(known: Mapping[str, str], text: bytes) -> Iterator[str]:
    """The names of time zones."""
    for match in _ZONE_START.finditer(text):
        name = text[match.start() : match.start() + 40].decode("ascii", "replace")
        while name and name not in known:
            name = name[:-1]
        if name:
            yield name


def sonames(known: Mapping[str, object], text: bytes) -> Iterator[str]:
    """The file names of libraries: of what stands before each ``.so``, the longest that is known."""
    for match in _SONAME_END.finditer(text):
        name = text[max(match.start() - 64, 0) : match.end()].decode("ascii", "replace")
        while name and name not in known:
            name = name[1:]
        if name:
            yield name
