"""An ENV that uses what only the same ENV defines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Arg, Pairs
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, on
from jettison.rewrite.sheet import Sheet

VARIABLE = re.compile(r"(?<!\\)\$(?:\{(\w+)|(\w+))")


def used(value: str) -> set[str]:
    """The variables in a raw value."""
    return {found[1] or found[2] for found in VARIABLE.finditer(value)}


def defined(instruction: Instruction) -> set[str]:
    """The variables that an ENV or ARG brings."""
    payload = instruction.payload
    named = isinstance(payload, Arg) or (isinstance(payload, Pairs) and instruction.keyword == "ENV")
    return {name for name, _ in payload.pairs} if named and isinstance(payload, Arg | Pairs) else set()


def _find(sheet: Sheet) -> Iterator[Hit]:
    ends: list[set[str]] = []
    for stage in sheet.stages:
        parents = sheet.lineage(stage)[1:]
        known = set(ends[parents[0].index]) if parents else set()
        for instruction in stage.instructions:
            if instruction.keyword == "ENV" and isinstance(instruction.payload, Pairs):
                for name in _own(instruction.payload.pairs) - known:
                    yield on(sheet, instruction, f"{name} is not set yet where the same ENV uses it")
            known |= defined(instruction)
        ends.append(known)


def _own(pairs: tuple[tuple[str, str], ...]) -> set[str]:
    """Names that are both defined by one pair and used in another."""
    return {
        name
        for at, (_, value) in enumerate(pairs)
        for name in used(value)
        if any(name == other for number, (other, _) in enumerate(pairs) if number != at)
    }


ENV_SELF = Plain(
    "env-self", Severity.ERROR, "a variable is not set yet where the same ENV uses it", ("hadolint DL3044",), _find
)
