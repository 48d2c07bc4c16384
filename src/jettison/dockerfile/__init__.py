"""The Dockerfile language, as Docker's reference and BuildKit define it.

``parse(text) -> Dockerfile`` and ``render(dockerfile) -> str`` lose nothing; every instruction has a typed payload
(``model``). ``stages`` are what a build works through; ``expand`` and ``split`` are Docker's variable and word
rules; ``Context`` is the directory that a build may read, seen through its ``.dockerignore``. ``edit`` changes a
Dockerfile and leaves the rest of it as it is.
"""

from jettison.dockerfile import edit
from jettison.dockerfile.context import Context, open_context
from jettison.dockerfile.model import Dockerfile, Instruction, render
from jettison.dockerfile.parse import parse, parse_onbuild
from jettison.dockerfile.stages import Stage, needed, select, stages
from jettison.dockerfile.variables import expand, expand_document, split

__all__ = [
    "Context",
    "Dockerfile",
    "Instruction",
    "Stage",
    "edit",
    "expand",
    "expand_document",
    "needed",
    "open_context",
    "parse",
    "parse_onbuild",
    "render",
    "select",
    "split",
    "stages",
]
