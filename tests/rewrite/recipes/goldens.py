"""A project in a directory, and the Dockerfiles that one recipe writes for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jettison.bases import lacks
from jettison.dockerfile import open_context, parse
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.oci.config import ContainerConfig
from jettison.rewrite.recipes import Candidate, Project, Recipe, open_project


def project(
    directory: Path,
    dockerfile: str,
    files: Mapping[str, str] | None = None,
    *,
    base: ContainerConfig | None = None,
    tree: FileTree | None = None,
) -> Project:
    """A project with these files, and the Dockerfile among them."""
    for path, text in {**(files or {}), "Dockerfile": dockerfile}.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text)
    return open_project(parse(dockerfile), open_context(directory), base=base, tree=tree)


def written(recipe: Recipe, of: Project) -> dict[str, str]:
    """The Dockerfiles of candidates that nothing rules out, by their base."""
    return {one.base.reference: one.dockerfile for one in possible(recipe, of)}


def possible(recipe: Recipe, of: Project) -> list[Candidate]:
    """The candidates whose base has what they need."""
    return [one for one in recipe.candidates(of) if not lacks(one.base, one.needs)]


def tree(*paths: str, contents: Mapping[str, bytes] | None = None) -> FileTree:
    """A root file system with empty files at these paths (directories end in ``/``) and those with contents."""
    entries: dict[str, FileEntry] = {"/": FileEntry("/", Kind.DIRECTORY, 0o755)}
    for path in (*paths, *(contents or {})):
        place = path.rstrip("/")
        size = len((contents or {}).get(path, b""))
        kind = Kind.DIRECTORY if path.endswith("/") else Kind.FILE
        entries[place] = FileEntry(place, kind, 0o755, size=size)
        while (place := place.rpartition("/")[0]) and place not in entries:
            entries[place] = FileEntry(place, Kind.DIRECTORY, 0o755)
    return FileTree(entries, contents)
