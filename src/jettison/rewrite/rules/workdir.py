"""WORKDIR with a relative path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from jettison.dockerfile.model import Text
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet

_ABSOLUTE = re.compile(r"/|\$|[A-Za-z]:")
#: What needs no quotes and means itself in a WORKDIR.
_PLAIN = re.compile(r"[\w./~@+-]+")


def _find(sheet: Sheet) -> Iterator[Hit]:
    ends: list[str] = []
    for stage in sheet.stages:
        parents = sheet.lineage(stage)[1:]
        current = ends[parents[0].index] if parents else ""
        for instruction in stage.instructions:
            if isinstance(instruction.payload, Text) and instruction.keyword == "WORKDIR":
                path = instruction.payload.text.strip("\"'")
                if _ABSOLUTE.match(path):
                    current = path if _PLAIN.fullmatch(path) else ""
                    continue
                start, end = sheet.find(instruction, instruction.payload.text)
                known = bool(current and _PLAIN.fullmatch(path))
                current = posixpath.normpath(f"{current}/{path}") if known else ""
                yield Hit(start, end, edits=(Edit(start, end, current),) if known else ())
        ends.append(current)


WORKDIR_ABSOLUTE = Plain(
    "workdir-absolute", Severity.ERROR, "where a relative WORKDIR ends up depends on what stands above, or in the base",
    ("hadolint DL3000", "BuildKit WorkdirRelativePath"), _find,
)  # fmt: skip
