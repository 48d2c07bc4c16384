"""How a Dockerfile is written: empty lines within instructions, and keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.source import triggered

_WORD = re.compile(r"\s*([A-Za-z]+)")


def _empty(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.dockerfile.instructions:
        payload = triggered(instruction).payload
        if getattr(payload, "heredocs", ()):
            continue
        start = sheet.offset(instruction)
        for found in re.finditer(r"(?<=\n)[ \t]*\r?\n", instruction.source):
            place = start + found.start(), start + found.end()
            yield Hit(*place, edits=(Edit(*place, ""),))


def _keywords(sheet: Sheet) -> Iterator[tuple[int, str]]:
    for instruction in sheet.dockerfile.instructions:
        found = _WORD.match(instruction.source.removeprefix("\ufeff"))
        if found:
            yield sheet.bounds(instruction)[0], found[1]


def _case(sheet: Sheet) -> Iterator[Hit]:
    words = list(_keywords(sheet))
    lower = sum(word.islower() for _, word in words)
    upper = sum(word.isupper() for _, word in words)
    for start, word in words:
        wanted = word.lower() if lower > upper else word.upper()
        if word != wanted:
            place = start, start + len(word)
            yield Hit(*place, f"{word} is not written as most keywords here are", (Edit(*place, wanted),))


EMPTY_CONTINUATION = Plain(
    "empty-continuation", Severity.WARNING, "an empty line within an instruction will end it one day",
    ("BuildKit NoEmptyContinuation",), _empty,
)  # fmt: skip
INSTRUCTION_CASE = Plain(
    "instruction-case", Severity.STYLE, "the keyword is not written as most are",
    ("BuildKit ConsistentInstructionCasing",), _case,
)  # fmt: skip
