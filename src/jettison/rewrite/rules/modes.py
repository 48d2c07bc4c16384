"""Files that everybody may write, and programs that run as their owner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, at, within
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Word

_OCTAL = re.compile(r"0?([0-7]?)([0-7]{3})")
_SYMBOLIC = re.compile(r"([ugoa]*)[+=]([rwxXst]+)")


def _modes(sheet: Sheet) -> Iterator[tuple[Word, str]]:
    """The modes that ``chmod`` sets, without ``-R``."""
    for ran in sheet.commands("chmod"):
        words = [word for word in ran.command.arguments if not word.text.startswith("-")]
        for word in words[:1]:
            yield word, word.text.strip("\"'")


def _world(mode: str) -> bool:
    octal = _OCTAL.fullmatch(mode)
    if octal:
        # The sticky bit is what makes a directory like /tmp bearable.
        return int(octal[2][2]) & 2 != 0 and not int(octal[1] or "0") & 1
    return any("w" in rights and (not who or set(who) & {"a", "o"}) for who, rights in _symbolic(mode))


def _symbolic(mode: str) -> list[tuple[str, str]]:
    """Whom a mode such as ``ug+rw,o=r`` gives what."""
    found = map(_SYMBOLIC.fullmatch, mode.split(","))
    return [(each[1], each[2]) for each in found if each]


def _writable(sheet: Sheet) -> Iterator[Hit]:
    for word, mode in _modes(sheet):
        if _world(mode):
            yield at(word)
    for instruction in sheet.of("COPY", "ADD"):
        assert isinstance(instruction.payload, Copy)
        if _world(instruction.payload.chmod):
            yield within(sheet, instruction, f"--chmod={instruction.payload.chmod}")


def _as_owner(sheet: Sheet) -> Iterator[Hit]:
    for word, mode in _modes(sheet):
        octal = _OCTAL.fullmatch(mode)
        if (octal and int(octal[1] or "0") & 6) or any("s" in rights for _, rights in _symbolic(mode)):
            yield at(word)


WORLD_WRITABLE = Plain(
    "world-writable", Severity.WARNING, "everybody in the container may write this; give it to the user who must", (),
    _writable,
)  # fmt: skip
SETUID = Plain(
    "setuid", Severity.WARNING, "whoever runs this becomes its owner or group, root most often", (), _as_owner
)
