"""``FROM --platform`` with a fixed platform, and with the one that is taken anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_AUTOMATIC = re.compile(r"\$\{?(?:BUILD|TARGET)PLATFORM\b")
_TARGET = re.compile(r"\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})")


def _fixed(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        if stage.base.platform and not _AUTOMATIC.search(stage.base.platform):
            yield within(sheet, stage.head, f"--platform={stage.base.platform}")


def _redundant(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        if _TARGET.fullmatch(stage.base.platform.strip("\"'")):
            start, end = sheet.find(stage.head, f"--platform={stage.base.platform}")
            blank = len(sheet.text[end:]) - len(sheet.text[end:].lstrip(" \t"))
            yield Hit(start, end, edits=(Edit(start, end + blank, ""),))


FROM_PLATFORM = Plain(
    "from-platform", Severity.WARNING, "a fixed --platform makes the image the same one on every machine",
    ("hadolint DL3029", "BuildKit FromPlatformFlagConstDisallowed", "Parfum DL3029"), _fixed,
)  # fmt: skip
REDUNDANT_PLATFORM = Plain(
    "redundant-platform", Severity.WARNING, "FROM takes the target platform without being told to",
    ("hadolint DL3065", "BuildKit RedundantTargetPlatform"), _redundant,
)  # fmt: skip
