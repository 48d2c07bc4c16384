"""Add to a Dockerfile what its image looked up in vain."""

from __future__ import annotations

from collections.abc import Iterable

from jettison.dockerfile import edit, parse, render, stages
from jettison.dockerfile.model import Copy, Instruction
from jettison.filetree import FileTree, Kind

#: More lines than this are no repair, but another Dockerfile.
_LINES = 12


def healed(text: str, paths: Iterable[str], original: FileTree) -> str | None:
    """``text`` with COPY lines for ``paths`` of the original's tree; ``None`` where that cannot be done.

    They are taken from the stage from which the last one already copies, which has what the original has.
    """
    dockerfile = parse(text)
    last = stages(dockerfile)[-1]
    copies = [i for i in last.instructions if isinstance(i.payload, Copy) and i.payload.from_]
    wanted = [path for path in sorted(paths) if path in original and original[path].kind is not Kind.DIRECTORY]
    if (
        not copies
        or not wanted
        or len(wanted) > _LINES
        or any(not path.isprintable() or " " in path for path in wanted)
    ):
        return None
    source = _source(copies[-1])
    lines = [f"COPY --from={source} {path} {path}" for path in wanted]
    below = _next(last.instructions, copies[-1])
    added = "\n".join(["# Looked up in vain without these", *lines])
    return render(edit.insert(dockerfile, added, before=below))


def _source(instruction: Instruction) -> str:
    assert isinstance(instruction.payload, Copy)
    return instruction.payload.from_


def _next(instructions: tuple[Instruction, ...], one: Instruction) -> Instruction | None:
    at = instructions.index(one) + 1
    return instructions[at] if at < len(instructions) else None
