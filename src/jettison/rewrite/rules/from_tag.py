"""Base images without a tag, and with ``latest``."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet


def images(sheet: Sheet) -> Iterator[tuple[Instruction, Stage]]:
    """Every FROM that takes an image that is named in full, neither a stage above nor ``scratch``."""
    names: set[str] = set()
    for stage in sheet.stages:
        image = stage.base.image
        if "$" not in image and image.lower() not in names and image != "scratch":
            yield stage.head, stage
        names |= {stage.name} if stage.name else set()


def tag(image: str) -> str | None:
    """The tag of an image; ``None`` where it has neither a tag nor a digest, ``""`` for a digest."""
    if "@" in image:
        return ""
    name, colon, found = image.rpartition("/")[2].partition(":")
    return found if colon and name else None


def _untagged(sheet: Sheet) -> Iterator[Hit]:
    for head, stage in images(sheet):
        if tag(stage.base.image) is None:
            yield within(sheet, head, stage.base.image)


def _latest(sheet: Sheet) -> Iterator[Hit]:
    for head, stage in images(sheet):
        if tag(stage.base.image) == "latest":
            yield within(sheet, head, stage.base.image)


FROM_TAG = Plain(
    "from-tag", Severity.WARNING, "the base image has no tag, so it is another one tomorrow; name a version",
    ("hadolint DL3006",), _untagged,
)  # fmt: skip
LATEST = Plain(
    "latest", Severity.WARNING, "latest is another image tomorrow; name a version", ("hadolint DL3007",), _latest
)
