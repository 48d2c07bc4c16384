"""Change a Dockerfile: what is not changed stays as it is, to the last byte.

Each verb gives a new Dockerfile, parsed again, so that lines and stages are true. Instructions are those of the
Dockerfile that is given. Raises ``DockerfileError`` where the result would be none.
"""

from __future__ import annotations

from jettison.dockerfile.model import Dockerfile, Instruction
from jettison.dockerfile.parse import parse

_MARK = "\ufeff"


def replace(dockerfile: Dockerfile, instruction: Instruction, text: str) -> Dockerfile:
    """With ``text``, of any number of lines, in place of ``instruction``."""
    at = dockerfile.pieces.index(instruction)
    return _with(dockerfile, at, at + 1, text)


def insert(dockerfile: Dockerfile, text: str, before: Instruction | None = None) -> Dockerfile:
    """With ``text`` above ``before``, or as the end."""
    at = len(dockerfile.pieces) if before is None else dockerfile.pieces.index(before)
    return _with(dockerfile, at, at, text)


def remove(dockerfile: Dockerfile, instruction: Instruction) -> Dockerfile:
    """Without ``instruction``; comments above it stay."""
    at = dockerfile.pieces.index(instruction)
    return _with(dockerfile, at, at + 1, "")


def _with(dockerfile: Dockerfile, start: int, end: int, text: str) -> Dockerfile:
    """``text`` gets the line ends of the file; a file without a last line end keeps to that."""
    sources = [piece.source for piece in dockerfile.pieces]
    mark = _MARK if "".join(sources).startswith(_MARK) else ""
    line_end = "\r\n" if any(source.endswith("\r\n") for source in sources) else "\n"
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    new = "".join(line + line_end for line in lines)
    above, below = "".join(sources[:start]).removeprefix(mark), "".join(sources[end:]).removeprefix(mark)
    if new and above and not above.endswith("\n"):
        above += line_end
    if start < end and not below and not sources[-1].endswith("\n"):
        new = new.removesuffix(line_end)
    return parse(mark + above + new + below, dockerfile.file)
