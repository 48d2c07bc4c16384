"""Instructions of which only the last one counts, and MAINTAINER."""

from __future__ import annotations

import json
from collections.abc import Iterator

from jettison.dockerfile.model import Text
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Find, Hit, Plain, on
from jettison.rewrite.sheet import Sheet


def _after_the_first(keyword: str) -> Find:
    def find(sheet: Sheet) -> Iterator[Hit]:
        for stage in sheet.stages:
            same = [instruction for instruction in stage.instructions if instruction.keyword == keyword]
            for instruction in same[1:]:
                yield on(sheet, instruction)

    return find


def _maintainer(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("MAINTAINER"):
        assert isinstance(instruction.payload, Text)
        text = instruction.payload.text
        plain = not any(character in text for character in "\"'\\$")
        start, end = sheet.bounds(instruction)
        new = f"LABEL org.opencontainers.image.authors={json.dumps(text, ensure_ascii=False)}"
        yield Hit(start, end, edits=(Edit(start, end, new),) if plain else ())


_BOTH = "BuildKit MultipleInstructionsDisallowed"
SEVERAL_CMDS = Plain(
    "several-cmds", Severity.WARNING, "there is a CMD above; only the last one counts",
    ("hadolint DL4003", _BOTH), _after_the_first("CMD"),
)  # fmt: skip
SEVERAL_ENTRYPOINTS = Plain(
    "several-entrypoints", Severity.ERROR, "there is an ENTRYPOINT above; only the last one counts",
    ("hadolint DL4004", _BOTH), _after_the_first("ENTRYPOINT"),
)  # fmt: skip
SEVERAL_HEALTHCHECKS = Plain(
    "several-healthchecks", Severity.ERROR, "there is a HEALTHCHECK above; only the last one counts",
    ("hadolint DL3012", _BOTH), _after_the_first("HEALTHCHECK"),
)  # fmt: skip
MAINTAINER = Plain(
    "maintainer", Severity.ERROR, "MAINTAINER is deprecated; a label says it",
    ("hadolint DL4000", "BuildKit MaintainerDeprecated"), _maintainer,
)  # fmt: skip
