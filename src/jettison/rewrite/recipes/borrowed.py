"""The shell and the commands that a program was seen to run, for a base that has none but the same C library."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from jettison.bases import Needs, Variant
from jettison.bases.needs import lacks
from jettison.filetree import Kind
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.support import there

_DIRECTORIES = ("/usr/bin", "/bin", "/usr/sbin", "/sbin")
_LIBRARY = re.compile(r"(?:/usr)?/lib(?:64|/[\w-]+-linux-gnu\w*)?/[^/]+\.so\.\d+")
_PLAIN = re.compile(r"[\w.+-]+")
SHELL = "/bin/sh"
#: More commands than this are a system, which another base has.
_MOST = 30


def lend(project: Project, base: Variant, needs: Needs, *own: str) -> tuple[tuple[str, ...], Needs]:
    """COPY lines that give ``base`` a shell where ``needs`` asks for one, and what is needed of it then.

    ``own`` are the program's files, which come by other lines. Nothing where the base has a shell, or cannot.
    """
    if not needs.shell or not can_borrow(project, base):
        return (), needs
    return tuple(borrowed(project, base, *own)), replace(needs, shell=False)


def can_borrow(project: Project, base: Variant) -> bool:
    """Whether the original's commands run on ``base``, and what the program runs is known."""
    alike = base.libc == "glibc" and not base.shell and base.distribution in ("debian", "none")
    return alike and bool(project.kept) and there(project, SHELL) and len(_commands(project)) <= _MOST


def borrowed(project: Project, base: Variant, *own: str) -> Iterator[str]:
    """COPY lines for the shell, the commands, and the libraries that these need and ``base`` lacks.

    ``own`` are the program's files, which come by other lines.
    """
    names = {posixpath.basename(path) for path in own}
    commands = [path for path in _commands(project) if posixpath.basename(path) not in names]
    yield "# The shell and the commands that the program runs"
    yield from_build(project, SHELL, to=SHELL)
    if commands:
        yield from_build(project, *commands, to="/usr/bin/")
    libraries = list(_libraries(project, base))
    if libraries:
        yield from_build(project, *libraries, to=f"{posixpath.dirname(libraries[0])}/")


def _commands(project: Project) -> list[str]:
    """What the plan keeps of the system's commands, each once, without the shell."""
    found: dict[str, str] = {}
    for directory in _DIRECTORIES:
        for path in sorted(project.kept):
            name = posixpath.basename(path)
            plain = name != "sh" and _PLAIN.fullmatch(name)  # "[" would be a pattern
            if posixpath.dirname(path) == directory and plain and _is_file(project, path):
                found.setdefault(name, path)
    return list(found.values())


def _is_file(project: Project, path: str) -> bool:
    entry = project.tree.resolve(path) if project.tree is not None else None
    return entry is not None and entry.kind is Kind.FILE and bool(entry.mode & 0o111)


def _libraries(project: Project, base: Variant) -> Iterator[str]:
    """The libraries that the plan keeps, by the names that the loader asks for, and that the base has not."""
    seen: set[str] = set()
    for path in sorted(project.kept):
        name = posixpath.basename(path)
        if _LIBRARY.fullmatch(path) and name not in seen and lacks(base, Needs(libraries=(name,))):
            seen.add(name)
            yield path
