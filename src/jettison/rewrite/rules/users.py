"""Who the container runs as: root by a USER, root because nobody said otherwise, or a name instead of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Text
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, on
from jettison.rewrite.sheet import Sheet

#: Images whose name says that they do not run as root.
_UNPRIVILEGED = re.compile(r"nonroot|non-root|rootless|unprivileged|bitnami/|chainguard|cgr\.dev/", re.IGNORECASE)


def _last(sheet: Sheet) -> tuple[Instruction, str] | None:
    """The USER that the image ends up with, and its user without the group; variables as they are written."""
    for stage in sheet.lineage(sheet.final):
        for instruction in reversed(stage.instructions):
            if instruction.keyword == "USER" and isinstance(instruction.payload, Text):
                return instruction, instruction.payload.text.strip("\"'").partition(":")[0]
    return None


def _root(sheet: Sheet) -> Iterator[Hit]:
    last = _last(sheet)
    if last and last[1] in ("root", "0"):
        yield on(sheet, last[0])


def _nobody(sheet: Sheet) -> Iterator[Hit]:
    image = sheet.lineage(sheet.final)[-1].base.image
    if not _last(sheet) and not _UNPRIVILEGED.search(image) and "$" not in image:
        yield on(sheet, sheet.final.head)


def _name(sheet: Sheet) -> Iterator[Hit]:
    last = _last(sheet)
    if last and last[1] != "root" and "$" not in last[1] and not last[1].isdecimal():
        yield on(sheet, last[0])


ROOT_USER = Plain(
    "root-user", Severity.WARNING, "the container runs as root", ("hadolint DL3002", "Parfum DL3002"), _root
)
NO_USER = Plain(
    "no-user", Severity.INFO, "no USER: unless the base image has one, the container runs as root", (), _nobody
)
USER_NUMBER = Plain(
    "user-number", Severity.INFO, "a user by name cannot be checked from outside; Kubernetes asks for a number",
    ("hadolint DL3066",), _name,
)  # fmt: skip
