"""ADD of a remote archive, which is not unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_URL = re.compile(r"https?://\S+\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|gz|xz|bz2|zst)(?:[?#]\S*)?", re.IGNORECASE)


def _find(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.lineage(sheet.final):
        for instruction in stage.instructions:
            payload = instruction.payload
            if isinstance(payload, Copy) and payload.add and "--unpack" not in instruction.source:
                for source in payload.sources:
                    if _URL.fullmatch(source.strip("\"'")):
                        yield within(sheet, instruction, source)


ADD_REMOTE_ARCHIVE = Plain(
    "add-remote-archive", Severity.WARNING,
    "ADD does not unpack what it downloads, and its layer keeps the archive; fetch, unpack and remove it in one RUN",
    (), _find,
)  # fmt: skip
