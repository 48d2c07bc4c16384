"""Labels whose values are of a form that the OCI's annotation names fix, and are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile.model import Pairs
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_PREFIX = "org.opencontainers.image."
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+|mailto:\S+", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_FORMS = {
    "created": (_TIME, "a time as in RFC 3339"),
    **dict.fromkeys(("url", "source", "documentation"), (_URL, "an address")),
}


def _find(sheet: Sheet) -> Iterator[Hit]:
    for instruction in sheet.of("LABEL"):
        assert isinstance(instruction.payload, Pairs)
        for raw, value in instruction.payload.pairs:
            key, text = raw.strip("\"'"), value.strip("\"'")
            if not key.startswith(_PREFIX) or "$" in text:
                continue
            form, meant = _FORMS.get(key.removeprefix(_PREFIX), (re.compile(".+", re.DOTALL), "some text"))
            if not form.fullmatch(text):
                yield within(sheet, instruction, raw, f"{key} is not {meant}")


LABEL_VALUE = Plain(
    "label-value", Severity.WARNING, "the label's value is not of the form that its name asks for",
    ("hadolint DL3051", "hadolint DL3052", "hadolint DL3053"), _find,
)  # fmt: skip
