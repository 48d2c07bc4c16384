"""How stages are named, and how FROM and AS are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet

_RESERVED = frozenset({"scratch", "context"})
_PARTS = re.compile(r"\s*(?P<keyword>from)\s.*\s(?P<as>as)\s+(?P<alias>\S+)\s*", re.IGNORECASE | re.DOTALL)


def _parts(sheet: Sheet) -> Iterator[tuple[int, re.Match[str]]]:
    """Of every FROM that names its stage: where its source begins, and what it is made of."""
    for stage in sheet.stages:
        found = _PARTS.fullmatch(stage.head.source) if stage.name else None
        if found and found["alias"] == stage.base.alias:
            yield sheet.offset(stage.head), found


def _reserved(sheet: Sheet) -> Iterator[Hit]:
    for start, found in _parts(sheet):
        if found["alias"].lower() in _RESERVED:
            yield Hit(start + found.start("alias"), start + found.end("alias"))


def _case(sheet: Sheet) -> Iterator[Hit]:
    for start, found in _parts(sheet):
        place = start + found.start("alias"), start + found.end("alias")
        if found["alias"] != found["alias"].lower():
            yield Hit(*place, edits=(Edit(*place, found["alias"].lower()),))


def _as_case(sheet: Sheet) -> Iterator[Hit]:
    for start, found in _parts(sheet):
        place, keyword = (start + found.start("as"), start + found.end("as")), found["keyword"]
        if keyword.isupper() != found["as"].isupper() or keyword.islower() != found["as"].islower():
            yield Hit(*place, edits=(Edit(*place, "as" if keyword.islower() else "AS"),))


STAGE_RESERVED = Plain(
    "stage-reserved", Severity.WARNING, "a stage of this name cannot be told from what Docker calls so",
    ("hadolint DL3063", "BuildKit ReservedStageName"), _reserved,
)  # fmt: skip
STAGE_CASE = Plain(
    "stage-case", Severity.STYLE, "stage names are in lower case whatever is written",
    ("BuildKit StageNameCasing",), _case,
)  # fmt: skip
FROM_AS_CASE = Plain(
    "from-as-case", Severity.STYLE, "FROM and AS are not written alike", ("BuildKit FromAsCasing",), _as_case
)
