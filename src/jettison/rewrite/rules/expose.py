"""EXPOSE: ports that cannot be, protocols in capitals, and what is no port."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile.model import Words
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, within
from jettison.rewrite.sheet import Sheet

_PORTS = re.compile(r"(\d+)(?:-(\d+))?(?:/(tcp|udp|sctp))?", re.IGNORECASE)
_HIGHEST = 65_535


def _words(sheet: Sheet) -> Iterator[tuple[Hit, str]]:
    for instruction in sheet.of("EXPOSE"):
        assert isinstance(instruction.payload, Words)
        for word in instruction.payload.words:
            yield within(sheet, instruction, word), word


def _range(sheet: Sheet) -> Iterator[Hit]:
    for hit, word in _words(sheet):
        numbers = re.findall(r"(?<![\w$])\d+", word.partition("/")[0])
        if any(len(number) > 5 or int(number) > _HIGHEST for number in numbers):
            yield hit


def _case(sheet: Sheet) -> Iterator[Hit]:
    for hit, word in _words(sheet):
        protocol = word.partition("/")[2]
        if "$" not in protocol and protocol != protocol.lower():
            yield Hit(hit.start, hit.end, edits=(Edit(hit.end - len(protocol), hit.end, protocol.lower()),))


def _format(sheet: Sheet) -> Iterator[Hit]:
    for hit, word in _words(sheet):
        if "$" not in word and not _PORTS.fullmatch(word.strip("\"'")):
            yield hit


PORT_RANGE = Plain("port-range", Severity.ERROR, "ports end at 65535", ("hadolint DL3011",), _range)
EXPOSE_CASE = Plain(
    "expose-case", Severity.STYLE, "the protocol is not in lower case", ("BuildKit ExposeProtoCasing",), _case
)
EXPOSE_FORMAT = Plain(
    "expose-format", Severity.WARNING, "EXPOSE takes PORT or PORT/PROTOCOL; mappings go to docker run -p",
    ("BuildKit ExposeInvalidFormat",), _format,
)  # fmt: skip
