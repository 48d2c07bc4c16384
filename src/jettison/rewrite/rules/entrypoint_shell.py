"""An ENTRYPOINT in shell form, which passes nothing on."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Command
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, on
from jettison.rewrite.sheet import Sheet


def _find(sheet: Sheet) -> Iterator[Hit]:
    """A CMD behind such an ENTRYPOINT; one in front of it, which ENTRYPOINT makes the image forget, is one too."""
    for stage in sheet.stages:
        entrypoint, cmd = (_last(stage.instructions, keyword) for keyword in ("ENTRYPOINT", "CMD"))
        if entrypoint and cmd and isinstance(entrypoint.payload, Command) and entrypoint.payload.words is None:
            yield on(sheet, cmd)


def _last(instructions: tuple[Instruction, ...], keyword: str) -> Instruction | None:
    return next((each for each in reversed(instructions) if each.keyword == keyword), None)


ENTRYPOINT_SHELL = Plain(
    "entrypoint-shell", Severity.WARNING, "an ENTRYPOINT in shell form takes no arguments: this CMD does nothing", (),
    _find,
)  # fmt: skip
