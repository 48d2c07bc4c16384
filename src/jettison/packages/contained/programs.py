"""What is inside ELF programs, in one pass: each file is opened once, and every reader asked about it.

A reader is one function and one line of ``READERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.contained.cargo import crates
from jettison.packages.contained.classifiers import TEXTS, classified, classified_text
from jettison.packages.contained.elf import RELOCATABLE, Program, opened
from jettison.packages.contained.golang import modules
from jettison.packages.contained.upx import packed
from jettison.packages.model import Gap, Package

#: What a reader may give of a program; it raises nothing.
Reader = Callable[[Program], Iterator[Package | Gap]]
READERS: tuple[Reader, ...] = (packed, modules, crates, classified)
#: Bytes of the smallest ELF header.
_LEAST = 52


class Programs:
    """Go modules, Rust crates, packed programs, and programs by a table of names."""

    name = "programs"

    def find(self, tree: FileTree, tell: Callable[[Gap], None]) -> Iterable[Package]:
        """Every package in an ELF file that is executable or a shared library; a hard-linked file once."""
        for entry in _distinct(tree):
            found = classified_text(tree, entry) if entry.name in TEXTS else _in_program(tree, entry, tell)
            for thing in found:
                if isinstance(thing, Gap):
                    tell(thing)
                else:
                    yield thing


def _in_program(tree: FileTree, entry: FileEntry, tell: Callable[[Gap], None]) -> Iterator[Package | Gap]:
    try:
        with opened(tree, entry) as program:
            if program is not None and program.kind != RELOCATABLE:
                yield from [thing for reader in READERS for thing in reader(program)]
    except OSError as error:
        tell(Gap(entry.path, error.strerror or "cannot be read"))


def _distinct(tree: FileTree) -> Iterator[FileEntry]:
    """The files worth a look, by path, each once."""
    seen: set[tuple[int, int]] = set()
    for path in sorted(path for path, entry in tree.items() if _is_candidate(entry)):
        entry = tree[path]
        if entry.inode is None or entry.inode not in seen:
            yield entry
            seen |= {entry.inode} if entry.inode else set()


def _is_candidate(entry: FileEntry) -> bool:
    if entry.kind is not Kind.FILE:
        return False
    if entry.mode & 0o111 and entry.size >= _LEAST:
        return True
    name = entry.name
    return ".so" in name or name.endswith(".node") or name in TEXTS
