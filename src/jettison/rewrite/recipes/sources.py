"""Texts of a project by their place in the image: of the built image where there is one, else of the context."""

from __future__ import annotations

import posixpath

from jettison.filetree import Kind
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import placed

#: Bytes of a manifest that are read.
_LIMIT = 4 << 20


def text_at(project: Project, path: str) -> str:
    """The text at an absolute path of the image; ``""`` where there is none that is known."""
    inside = in_context(project, path)
    if inside and project.has(inside):
        return project.read(inside)
    entry = project.tree.resolve(path) if project.tree is not None else None
    if project.tree is None or entry is None or entry.kind is not Kind.FILE:
        return ""
    return project.tree.read(entry, _LIMIT).decode("utf-8", "replace")


def listing(project: Project, directory: str) -> tuple[str, ...]:
    """The names in an absolute directory of the image, sorted, as far as they are known."""
    directory = posixpath.normpath(directory)
    found: set[str] = set()
    inside = in_context(project, directory)
    if inside is not None:
        prefix = f"{inside}/" if inside else ""
        found |= {path[len(prefix) :].partition("/")[0] for path in project.paths if path.startswith(prefix)}
    if project.tree is not None:
        found |= {posixpath.basename(path) for path in project.tree.children(directory)}
    return tuple(sorted(found))


def in_context(project: Project, path: str) -> str | None:
    """The path of the context (``""`` is all of it) that COPY puts at a path of the image; ``None`` for none."""
    for copy in reversed(placed(project)):
        below = posixpath.relpath(path, copy.destination)
        if below == "." or not below.startswith(".."):
            found = posixpath.normpath(posixpath.join(copy.source, below))
            found = "" if found == "." else found
            if not found or project.has(found):
                return found
    return None
