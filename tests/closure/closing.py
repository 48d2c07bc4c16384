"""What one closer finds in a tree of one-line notation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jettison.closure import closers
from jettison.closure.fixpoint import close
from jettison.closure.model import Evidence
from jettison.filetree import FileTree
from make import tree

SEED = (Evidence("include", "test"),)


def executable(paths: Mapping[str, str | bytes]) -> FileTree:
    """A tree in memory in which every file is executable."""
    made = tree(paths)
    return FileTree(
        {path: replace(entry, mode=0o755) for path, entry in made.items()},
        {path: content for path, content in paths.items() if isinstance(content, bytes)},
    )


def closed(made: FileTree, *seeds: str) -> set[str]:
    """What the seeds need: files and links, themselves left out."""
    found = close(made, dict.fromkeys(seeds, SEED), closers(made))
    return {path for path in found if str(made[path])[:3] != "dir"} - set(seeds)


def mentioned(app: bytes, image: Mapping[str, str | bytes], name: str = "/app/server.py") -> set[str]:
    """What an application's file with the content ``app`` names of an image whose files in ``bin`` are executable."""
    paths: dict[str, str | bytes] = {
        path: ("file 0755" if "/bin/" in path and isinstance(what, str) and what == "file" else what)
        for path, what in image.items()
    }
    made = tree({**paths, name: app})
    found = close(made, {name: SEED}, closers(made, mentioned_by=frozenset((name,))))
    return {path for path in found if str(made[path])[:3] != "dir"} - {name}
