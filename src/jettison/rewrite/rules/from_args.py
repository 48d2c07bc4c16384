"""Build arguments in FROM: those that are not declared, and those without which there is no image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import expand
from jettison.dockerfile.stages import meta_args
from jettison.errors import InvalidInput
from jettison.oci import reference
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_VARIABLE = re.compile(r"\$(?:\{(\w+)(:?[-+])?|(\w+))")
#: Docker's own, which are there without ARG.
PLATFORM_ARGS = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT", "OSVERSION")
) | {"TARGETSTAGE"}


def _undefined(sheet: Sheet) -> Iterator[Hit]:
    known = {name for name, _ in meta_args(sheet.dockerfile)} | PLATFORM_ARGS
    for stage in sheet.stages:
        for found in _VARIABLE.finditer(f"{stage.base.platform} {stage.base.image}"):
            name = found[1] or found[3]
            if name not in known and not found[2]:
                message = f"FROM uses the argument {name}, which no ARG above the first FROM declares"
                yield within(sheet, stage.head, found[0], message)


def _default(sheet: Sheet) -> Iterator[Hit]:
    values = dict.fromkeys(PLATFORM_ARGS, "x")
    for name, value in meta_args(sheet.dockerfile):
        values[name] = _expanded(value or "", values)
    for stage in sheet.stages:
        image = stage.base.image
        if "$" in image and not _valid(_expanded(image, values)):
            yield within(sheet, stage.head, image)


def _expanded(text: str, values: dict[str, str]) -> str:
    try:
        return expand(text, values)
    except InvalidInput:
        return ""


def _valid(image: str) -> bool:
    try:
        reference.name(image)
    except InvalidInput:
        return False
    return True


FROM_ARG_UNDEFINED = Plain(
    "from-arg-undefined", Severity.WARNING, "FROM uses an argument that no ARG above the first FROM declares",
    ("BuildKit UndefinedArgInFrom",), _undefined,
)  # fmt: skip
FROM_ARG_DEFAULT = Plain(
    "from-arg-default", Severity.WARNING, "without build arguments this names no image; give ARG a default",
    ("BuildKit InvalidDefaultArgInFrom",), _default,
)  # fmt: skip
