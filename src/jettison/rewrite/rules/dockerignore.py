"""A whole context is copied with what does not belong into an image."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Saving, Severity
from jettison.rewrite.rules.ignorable import Ignorable, ignorable
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet

_MOST = 6


def whole(copy: Copy) -> bool:
    """Whether the context is copied from its top."""
    return not copy.from_ and any(source.strip("\"'") in (".", "./", "/", "*", "./*") for source in copy.sources)


def _find(sheet: Sheet) -> Iterator[Hit]:
    if sheet.context is None:
        return
    found: tuple[Ignorable, ...] | None = None
    shipped = {stage.index for stage in sheet.lineage(sheet.final)}
    for stage in sheet.stages:
        for instruction in stage.instructions:
            if isinstance(instruction.payload, Copy) and whole(instruction.payload):
                found = ignorable(sheet.context, sheet) if found is None else found
                if found:
                    saving = Saving(sum(each.bytes for each in found), "measured: these files in the context")
                    start, end = sheet.bounds(instruction)
                    yield Hit(start, end, _message(found), saving=saving if stage.index in shipped else None)
                    return


def _message(found: tuple[Ignorable, ...]) -> str:
    lines = [f"{each.line} ({_bytes(each.bytes)})" for each in found[:_MOST]]
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return (
        f"the context is copied with what does not belong into an image; .dockerignore lacks {', '.join(lines)}{more}"
    )


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


DOCKERIGNORE = Plain(
    "dockerignore", Severity.WARNING, "the context is copied with what does not belong into an image", (), _find
)
