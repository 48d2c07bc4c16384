"""What a kept path needs: edges from it to other paths, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from jettison.filetree import FileEntry, FileTree


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Why a path is kept.

    ``kind`` is one word of the fixed list below; ``by`` says by what: a path, a probe, a package, a rule.

    ======================  ===========================================================
    ``opened`` ``executed``  seen in a run; ``by`` = ``PROGRAM in SCENARIO``
    ``elf``                 ELF dependency (needed, interpreter) of the path ``by``
    ``dlopen``              plug-in family of the library ``by`` (NSS, gconv, OpenSSL …)
    ``script``              shebang or interpreter of the script ``by``
    ``import``              imported or required by the module ``by``
    ``mention``             named in a string of the file ``by``
    ``link``                symlink on the way to the path ``by``
    ``directory``           parent of the kept path ``by``
    ``package``             part of a package kept whole; ``by`` = ``NAME VERSION``
    ``application``         the application's own file; ``by`` = the instruction or directory
    ``runtime``             standard library of the language runtime ``by``
    ``essential``           every image keeps it; ``by`` = the rule's name
    ``config``              named in the image configuration (entrypoint, workdir, volume)
    ``include``             asked for by the user; ``by`` = flag or pattern
    ``healed``              looked up in vain by the small image; ``by`` = probe
    ``record``              package record of the package ``by``
    ======================  ===========================================================
    """

    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class Edge:
    """From a kept path to ``path`` (as named, symlinks not yet followed), because of ``evidence``."""

    path: str
    evidence: Evidence


class Closer(Protocol):
    """Knows one kind of dependency. Stateless as to the order of calls; may cache per tree."""

    @property
    def name(self) -> str: ...

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterable[Edge]:
        """What ``entry``, a kept regular file, needs. Paths that do not exist in ``tree`` are left out."""
