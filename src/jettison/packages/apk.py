"""apk: the packages of Alpine (wiki.alpinelinux.org, "Apk spec", installed database)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Package

_DATABASES = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")


class Apk:
    """Cataloger of the installed database: ``P:`` name, ``V:`` version, ``F:`` directory, ``R:`` file in it."""

    name = "apk"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for database in _DATABASES:
            for block in _blocks(tree, database):
                fields = dict(line.split(":", 1) for line in block if line[1:2] == ":" and line[0] in "PVAo")
                if "P" in fields:
                    files = frozenset(path for path, _ in _files(tree, block) if path)
                    yield Package(
                        "apk", fields["P"], fields.get("V", ""), fields.get("A", ""),
                        fields.get("o", fields["P"]), files, frozenset((database,)),
                    )  # fmt: skip

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        result: dict[str, bytes | None] = {}
        for database in _DATABASES:
            if database in tree:
                blocks = [_trimmed(tree, block, kept) for block in _blocks(tree, database)]
                text = "".join("\n".join(block) + "\n\n" for block in blocks if block)
                result[database] = text.encode("utf-8", "surrogateescape")
        return result


def _blocks(tree: FileTree, database: str) -> Iterator[list[str]]:
    entry = tree.get(database)
    if entry is None or entry.kind is not Kind.FILE:
        return
    text = tree.read(entry).decode("utf-8", "surrogateescape")
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        if lines:
            yield lines


def _files(tree: FileTree, block: list[str]) -> Iterator[tuple[str | None, int]]:
    """The path of each ``R:`` line as the tree has it, and the line's number."""
    directory = ""
    for number, line in enumerate(block):
        if line.startswith("F:"):
            directory = line[2:]
        elif line.startswith("R:"):
            written = f"/{directory}/{line[2:]}" if directory else f"/{line[2:]}"
            yield tree.walk(written, follow_last=False)[0], number


def _trimmed(tree: FileTree, block: list[str], kept: frozenset[str]) -> list[str]:
    """A package without the files that go; empty where none remains."""
    files = {number: path for path, number in _files(tree, block)}
    if not any(path in kept for path in files.values()):
        return []
    result: list[str] = []
    keeping = True
    for number, line in enumerate(block):
        if line.startswith("R:"):
            keeping = files[number] in kept
        elif line.startswith("F:"):
            keeping = any(files[n] in kept for n in files if n > number and _in_same_directory(block, number, n))
        elif line[:2] not in ("a:", "Z:", "M:"):
            keeping = True
        if keeping:
            result.append(line)
    return result


def _in_same_directory(block: list[str], directory: int, file: int) -> bool:
    return not any(line.startswith("F:") for line in block[directory + 1 : file])
