"""Where paths of a Dockerfile lead, as far as its text tells."""

from __future__ import annotations

import posixpath

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.model import Text


def directory_at(stage: Stage, until: Instruction) -> str:
    """The working directory in front of an instruction; ``""`` where the stage's text does not say."""
    here = ""
    for instruction in stage.instructions:
        if instruction.line >= until.line:
            break
        if instruction.keyword == "WORKDIR" and isinstance(instruction.payload, Text):
            here = resolved(instruction.payload.text.strip("\"'"), here)
    return here


def resolved(path: str, here: str) -> str:
    """An absolute path without ``.`` and ``..``; ``""`` where it is not known."""
    if "$" in path or not path or (not path.startswith("/") and not here):
        return ""
    found = posixpath.normpath(posixpath.join(here or "/", path))
    return "/" + found.lstrip("/")


def inside(path: str, directory: str) -> bool:
    """Whether ``path`` is ``directory`` or below it; both absolute."""
    return bool(path and directory) and (path == directory or path.startswith(directory.rstrip("/") + "/"))
