"""Base images: one that is larger than its relatives, and one that does things unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.bases.choose import variants
from jettison.bases.model import Variant
from jettison.dockerfile import Stage, expand
from jettison.dockerfile.stages import meta_args
from jettison.errors import JettisonError
from jettison.rewrite.model import Saving, Severity
from jettison.rewrite.rules.plain import Hit, Plain
from jettison.rewrite.sheet import Sheet

_SMALL = re.compile(r"\b(?:slim|alpine|jre|runtime|aspnet|static|curl|scm)\b")
_ONBUILD = re.compile(r":(?:[\w.-]+-)?onbuild(?:@|$)")


def base_image(sheet: Sheet, stage: Stage) -> str:
    """The image that a stage is from in the end, with the defaults of ARGs; ``""`` where it is not known."""
    values: dict[str, str] = {}
    try:
        for name, value in meta_args(sheet.dockerfile):
            values[name] = expand(value or "", values)
        found = expand(sheet.lineage(stage)[-1].base.image, values)
    except JettisonError:
        return ""
    return found if found and "$" not in found else ""


def _relatives(image: str) -> tuple[Variant, ...]:
    try:
        return variants(image)
    except JettisonError:
        return ()


def _full(sheet: Sheet) -> Iterator[Hit]:
    stage = sheet.lineage(sheet.final)[-1]
    own, *smaller = _relatives(base_image(sheet, stage)) or (None,)
    if own is None or not smaller or _SMALL.search(own.name):
        return
    names = ", ".join(_named(variant) for variant in smaller[:3])
    start, end = sheet.find(stage.head, stage.base.image)
    yield Hit(start, end, f"{_named(own)} is a full image; smaller ones of it: {names}", saving=_saving(own, smaller))


def _named(variant: Variant) -> str:
    size = f" ({variant.compressed_bytes / 1e6:.0f} MB compressed)" if variant.compressed_bytes else ""
    return f"{variant.reference}{size}"


def _saving(own: Variant, smaller: list[Variant]) -> Saving | None:
    """What the next one of the same libc would save, as far as sizes are published."""
    alike = [each for each in smaller if each.libc == own.libc and each.compressed_bytes] or smaller
    if not own.compressed_bytes or not alike[0].compressed_bytes:
        return None
    basis = f"{own.basis} less {alike[0].size_of} ({alike[0].date}), compressed"
    return Saving(max(0, own.compressed_bytes - alike[0].compressed_bytes), basis)


def _onbuild(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        if _ONBUILD.search(stage.base.image):
            yield Hit(*sheet.find(stage.head, stage.base.image))


FULL_BASE = Plain("full-base", Severity.INFO, "the base is a full image; there are smaller ones of it", (), _full)
ONBUILD_BASE = Plain(
    "onbuild-base", Severity.WARNING,
    "the triggers of an onbuild image run here unseen; write what they do, and use the image without them", (),
    _onbuild,
)  # fmt: skip
