"""What ``make install`` and its like put beside a program, told by the layers of the built image."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jettison.filetree import FileTree, Kind
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import Step, in_image, steps

#: What only developers and readers want.
_UNUSED = re.compile(r"/(include|man|doc|info|pkgconfig|cmake|aclocal|gtk-doc)(/|$)|\.(a|la|h|hpp|pc|cmake)$")
_PREFIX = re.compile(r"(?:--?prefix=|-D\s?CMAKE_INSTALL_PREFIX(?::\w+)?=|PREFIX=|prefix=|DESTDIR=)(/[\w./+-]*)")


@dataclass(frozen=True, slots=True)
class Installed:
    """Files below one prefix (absolute) that the build put there, and which of them are shared libraries."""

    prefix: str = ""
    files: tuple[str, ...] = ()

    @property
    def shared(self) -> tuple[str, ...]:
        """Shared libraries and plug-ins."""
        return tuple(path for path in self.files if re.search(r"\.so(\.\d+)*$", path))

    def without(self, project: Project, taken: Iterable[str]) -> tuple[str, ...]:
        """The fewest paths that cover the files, without those that are ``taken`` (or links to them)."""
        if project.tree is None or not self.files:
            return ()
        ends = {entry.path for path in taken if (entry := project.tree.resolve(path))}
        wanted = {path for path in self.files if not _leads_to(project.tree, path, ends)}
        return tuple(_cover(project.tree, self.prefix, wanted))


def prefixes(project: Project) -> tuple[str, ...]:
    """Where steps install: what they say, and ``/usr/local``."""
    found: dict[str, None] = {}
    for step in steps(project):
        if step.command.name in ("configure", "cmake", "meson", "make", "ninja"):
            found |= dict.fromkeys(posixpath.normpath(path) for path in _named(step))
    found.pop("/", None)
    return (*found, *(() if "/usr/local" in found else ("/usr/local",)))


def _named(step: Step) -> list[str]:
    text = " ".join([*step.command.assignments, *(word.value or word.text for word in step.command.arguments)])
    return _PREFIX.findall(text)


def installed(project: Project, program: str) -> Installed:
    """What the build put below the prefix of an installed program; nothing for one that was not installed."""
    tree = project.tree
    prefix = next((p for p in prefixes(project) if program.startswith((f"{p}/bin/", f"{p}/sbin/"))), "")
    first = _first_layer(project)
    if tree is None or not prefix or first is None:
        return Installed()
    below = (tree[path] for path in tree.below(prefix))
    made = (e.path for e in below if e.layer >= first and e.kind is not Kind.DIRECTORY and e.path not in project.owners)
    return Installed(prefix, tuple(sorted(path for path in made if not _UNUSED.search(path[len(prefix) :]))))


def _first_layer(project: Project) -> int | None:
    """The layer in which the first file of the context came: all of the base is below it."""
    if project.tree is None:
        return None
    entries = (project.tree.get(place) for path in project.paths if (place := in_image(project, path)))
    return min((e.layer for e in entries if e is not None and e.kind is Kind.FILE), default=None)


def _leads_to(tree: FileTree, path: str, ends: set[str]) -> bool:
    entry = tree.resolve(path)
    return entry is not None and entry.path in ends


def _cover(tree: FileTree, prefix: str, wanted: set[str]) -> Iterator[str]:
    """Directories whole where all in them is wanted, else single files."""
    waiting = [prefix]
    while waiting:
        path = waiting.pop()
        for child in tree.children(path):
            if tree[child].kind is not Kind.DIRECTORY:
                if child in wanted:
                    yield child
                continue
            files = [p for p in tree.below(child) if tree[p].kind is not Kind.DIRECTORY]
            if files and all(file in wanted for file in files) and child != f"{prefix}/bin":
                yield child
            elif files:
                waiting.append(child)
