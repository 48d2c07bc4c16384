"""COPY of what ``.dockerignore`` leaves out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from jettison.dockerfile.context import clean
from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet


def _find(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("COPY", "ADD") if sheet.context else ():
        copy = instruction.payload
        assert isinstance(copy, Copy)
        assert sheet.context
        for source in copy.sources if not copy.from_ else ():
            path = clean(source.strip("\"'"))
            plain = path and not re.search(r"[$*?\[\0]|://|<<", source)
            if plain and os.path.lexists(sheet.context.directory / path) and not sheet.context.has(path):
                yield within(sheet, instruction, source, f".dockerignore leaves {path} out, so this COPY fails")


COPY_IGNORED = Plain(
    "copy-ignored", Severity.WARNING, ".dockerignore leaves this out, so the COPY fails", ("BuildKit CopyIgnoredFile",),
    _find,
)  # fmt: skip
