"""apk: the packages of Alpine (wiki.alpinelinux.org, "Apk spec", installed database)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap, Package
from jettison.packages.records import DOCUMENTATION, is_plain, is_record, text, trouble

DATABASES = ("/lib/apk/db/installed", "/usr/lib/apk/db/installed")


class Apk:
    """Cataloger of the installed database: ``P:`` name, ``V:`` version, ``F:`` directory, ``R:`` file in it."""

    name = "apk"

    def catalog(self, tree: FileTree) -> Iterator[Package]:
        """See ``Cataloger.catalog``."""
        for database in DATABASES:
            for block in _blocks(tree, database):
                fields = _fields(block)
                if "P" in fields:
                    files = frozenset(path for path, _ in _files(tree, block) if path)
                    yield Package(
                        "apk", fields["P"], fields.get("V", ""), fields.get("A", ""),
                        fields.get("o", fields["P"]), files, frozenset((database,)),
                    )  # fmt: skip

    def gaps(self, tree: FileTree) -> Iterator[Gap]:
        """See ``Cataloger.gaps``."""
        for database in DATABASES:
            reason = trouble(tree, database) or _amiss(_blocks(tree, database))
            if reason and tree.walk(database)[0] not in set(DATABASES) - {database}:  # /lib may be a link to /usr/lib
                yield Gap(database, reason)

    def trim(self, tree: FileTree, packages: Iterable[Package], kept: frozenset[str]) -> Mapping[str, bytes | None]:
        """See ``Cataloger.trim``."""
        result: dict[str, bytes | None] = {}
        for database in filter(partial(is_record, tree), DATABASES):
            result |= dict.fromkeys(_beside(tree, database))
            blocks = [_trimmed(tree, block, kept) for block in _blocks(tree, database)]
            lines = "".join("\n".join(block) + "\n\n" for block in blocks if block)
            result[database] = lines.encode("utf-8", "surrogateescape")
        return result


def _beside(tree: FileTree, database: str) -> Iterator[str]:
    """The scripts, triggers and locks of the packages: for apk itself, and true of the whole image only."""
    for path in tree.below(database.rpartition("/")[0]):
        if tree[path].kind is not Kind.DIRECTORY:
            yield path


def _blocks(tree: FileTree, database: str) -> Iterator[list[str]]:
    for block in text(tree, database).split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        if lines:
            yield lines


def _fields(block: list[str]) -> dict[str, str]:
    """What is said of the package itself, and can be shown."""
    said = (line.split(":", 1) for line in block if line[1:2] == ":" and line[0] in "PVAo")
    return {name: value for name, value in said if is_plain(value)}


def _amiss(blocks: Iterable[list[str]]) -> str:
    """What cannot be read of a database, as the end of a sentence."""
    wrong: Counter[str] = Counter()
    for block in blocks:
        fields = _fields(block)
        wrong["packages without a name"] += "P" not in fields
        wrong["packages without a version"] += "P" in fields and "V" not in fields
        wrong["broken lines"] += sum(line[1:2] != ":" for line in block)
    return ", ".join(f"{reason}: {number}" for reason, number in sorted(wrong.items()) if number)


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
    """A package without the files that go, and without directories that none is left in; empty where none remains."""
    remain = {number for path, number in _files(tree, block) if path in kept}
    if not any(path in kept and not DOCUMENTATION.match(path) for path, _ in _files(tree, block) if path):
        return []
    result: list[str] = []
    directory: list[str] = []  # lines of a directory of which no file has remained yet
    keeping = True
    for number, line in enumerate(block):
        if line.startswith("F:"):
            directory, keeping = [line], False
        elif line.startswith("R:"):
            keeping = number in remain
            if keeping:
                result += directory
                directory = []
        elif line.startswith("M:") and directory:
            directory.append(line)
        elif line[:2] not in ("a:", "Z:", "M:"):
            keeping = True
        if keeping:
            result.append(line)
    return result
