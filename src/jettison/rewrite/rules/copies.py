"""COPY: where it copies to, and what it copies from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, on, within
from jettison.rewrite.sheet import Sheet

_ABSOLUTE = re.compile(r"/|\$|[A-Za-z]:")


def _copies(sheet: Sheet) -> Iterator[tuple[Stage, Instruction, Copy]]:
    for stage in sheet.stages:
        for instruction in stage.instructions:
            if isinstance(instruction.payload, Copy) and not instruction.payload.add:
                yield stage, instruction, instruction.payload


def _directory(sheet: Sheet) -> Iterator[Hit]:
    for _, instruction, copy in _copies(sheet):
        target = copy.destination.strip("\"'")
        if len(copy.sources) > 1 and "$" not in target and not target.endswith(("/", "\\", ".")):
            start, end = sheet.find(instruction, copy.destination)
            last = sheet.text.rfind(target, 0, sheet.bounds(instruction)[1]) + len(target)
            yield Hit(start, end, edits=(Edit(last, last, "/"),))


def _unknown(sheet: Sheet) -> Iterator[Hit]:
    first = {stage.name: stage.index for stage in reversed(sheet.stages)}
    for stage, instruction, copy in _copies(sheet):
        source = copy.from_
        above = source.isdecimal() or first.get(source.lower(), stage.index) < stage.index
        if source and not re.search(r"[:@]", source) and not above:
            yield within(sheet, instruction, f"--from={source}")


def _relative(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        seen = any(other.keyword == "WORKDIR" for base in sheet.lineage(stage)[1:] for other in base.instructions)
        for instruction in stage.instructions:
            seen = seen or instruction.keyword == "WORKDIR"
            payload = instruction.payload
            if seen or not isinstance(payload, Copy) or payload.add:
                continue
            if not _ABSOLUTE.match(payload.destination.strip("\"'")):
                yield on(sheet, instruction)


def _root(sheet: Sheet) -> Iterator[Hit]:
    for _, instruction, copy in _copies(sheet):
        if copy.from_ and copy.destination.strip("\"'") == "/" and "/" in [s.strip("\"'") for s in copy.sources]:
            yield on(sheet, instruction)


COPY_DIRECTORY = Plain(
    "copy-directory", Severity.ERROR, "several sources need a directory as destination; end it with /",
    ("hadolint DL3021",), _directory,
)  # fmt: skip
COPY_FROM_UNKNOWN = Plain(
    "copy-from-unknown", Severity.WARNING, "no stage above has this name, so it is an image, and one without a tag",
    ("hadolint DL3022",), _unknown,
)  # fmt: skip
COPY_RELATIVE = Plain(
    "copy-relative", Severity.WARNING, "the destination is relative and there is no WORKDIR above",
    ("hadolint DL3045",), _relative,
)  # fmt: skip
COPY_ROOT = Plain(
    "copy-root", Severity.WARNING, "all of another stage is copied, with whatever was left in it",
    ("hadolint DL3067",), _root,
)  # fmt: skip
