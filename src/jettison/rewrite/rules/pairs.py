"""How ENV and LABEL are written: keys that labels should not have, and the form without ``=``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Pairs
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, on, within
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.source import triggered

_KEY = re.compile(r"[a-z](?:[a-z0-9._/-]*[a-z0-9])?")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
_BARE = re.compile(r"[\w./:@%+,-]+")


def _key(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("LABEL"):
        assert isinstance(instruction.payload, Pairs)
        for raw, _ in instruction.payload.pairs:
            key = raw.strip("\"'")
            if key.startswith(_RESERVED):
                yield within(sheet, instruction, raw, f"Docker keeps labels that begin as {key} does to itself")
            elif not _KEY.fullmatch(key) or ".." in key or "--" in key:
                yield within(sheet, instruction, raw)


def _legacy(sheet: Sheet) -> Iterator[Hit]:
    for outer in sheet.dockerfile.instructions:
        instruction = triggered(outer)
        payload = instruction.payload
        if isinstance(payload, Pairs) and "=" not in instruction.value.split(maxsplit=1)[0]:
            yield on(sheet, outer, edits=_edits(sheet, outer, *payload.pairs[0]))


def _edits(sheet: Sheet, outer: Instruction, name: str, value: str) -> tuple[Edit, ...]:
    """Where the value stands on one line and has no quotes of its own."""
    start, end = sheet.find(outer, value)
    before = sheet.text[:start].rstrip(" \t")
    if any(character in value for character in "\"'\\`") or not before.endswith(name):
        return ()
    return (Edit(len(before), end, f"={value}" if _BARE.fullmatch(value) else f'="{value}"'),)


LABEL_KEY = Plain(
    "label-key", Severity.STYLE, "a label's key is lower-case letters, digits, and single . and - between them",
    ("hadolint DL3048",), _key,
)  # fmt: skip
LEGACY_PAIRS = Plain(
    "legacy-pairs", Severity.STYLE, "NAME VALUE without = is the old form, which takes the rest of the line",
    ("BuildKit LegacyKeyValueFormat",), _legacy,
)  # fmt: skip
