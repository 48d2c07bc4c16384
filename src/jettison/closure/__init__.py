"""What a kept path needs. Each member finds one kind of dependency; ``closers`` lists them all.

``close`` follows them from seeds until nothing new is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jettison.closure.dlopen import Plugins
from jettison.closure.fixpoint import close
from jettison.closure.java import Jars
from jettison.closure.ldso import Loader
from jettison.closure.mentions import Mentions
from jettison.closure.model import Closer, Edge, Evidence
from jettison.closure.names import Names
from jettison.closure.node import Requires, is_manager
from jettison.closure.python import Imports
from jettison.closure.script import Shebang
from jettison.closure.scripting import Perl, Php, Ruby
from jettison.closure.shell import Commands
from jettison.filetree import FileEntry, FileTree

__all__ = ["Closer", "Edge", "Evidence", "close", "closers"]


def closers(
    tree: FileTree,
    *,
    mentioned_by: frozenset[str] = frozenset(),
    environment: Mapping[str, str] | None = None,
    imports_of: frozenset[str] | None = None,
) -> tuple[Closer, ...]:
    """All closers for one tree.

    ``imports_of`` are the sources whose import statements are followed, where not those of all.
    ``mentioned_by`` are the files whose strings are searched for names; ``environment`` is the image's, for PATH,
    LD_LIBRARY_PATH and PYTHONPATH.
    """
    env = environment or {}
    names = Names(tree, _split(env.get("PATH")))
    sources: tuple[Closer, ...] = (
        Imports(tree, _split(env.get("PYTHONPATH"))),
        Requires(tree),
        Perl(tree),
        Ruby(tree),
        Php(),
    )
    if imports_of is not None:
        managers = frozenset(path for path in tree if is_manager(path))  # they are seen to look, not to open
        sources = tuple(Within(closer, imports_of | managers) for closer in sources)
    return (
        Loader(tree, _split(env.get("LD_LIBRARY_PATH"))),
        Shebang(names),
        Plugins(tree),
        Commands(tree, names),
        *sources,
        Jars(),
        Mentions(tree, mentioned_by, names),
    )


@dataclass(frozen=True, slots=True)
class Within:
    """A closer that looks only at some files."""

    closer: Closer
    paths: frozenset[str]

    @property
    def name(self) -> str:
        """That of the closer."""
        return self.closer.name

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterable[Edge]:
        """See ``Closer.edges``."""
        return self.closer.edges(tree, entry) if entry.path in self.paths else ()


def _split(value: str | None) -> tuple[str, ...]:
    return tuple(part for part in (value or "").split(":") if part.startswith("/"))
