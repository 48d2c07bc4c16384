"""Where the package lists are fetched, and how often."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.apt_lists import apt, fetches_none
from jettison.rewrite.rules.layers import mounted, sudo
from jettison.rewrite.rules.merging import merged
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

_LOCAL = ("./", "/", "../")


def _split(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        for instruction, script in sheet.runs(stage):
            install = next((command for command in script.commands if apt(command, "install")), None)
            if install and fetches_none(script) and not mounted(instruction, "^/var/lib/apt"):
                yield from _updated(install)


def _updated(install: Command) -> Iterator[Hit]:
    """The finding with an update in front, but for packages that are files."""
    if all(word.text.startswith(_LOCAL) for word in install.operands[1:]):
        return
    edits = (Edit(install.start, install.start, f"{sudo(install)}{install.name} update && "),)
    movable = install.before in ("", "&&") and not install.conditional and not install.assignments
    yield at(install, "", edits if movable else (), safe=False)


def _several(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        before: list[tuple[Instruction, Script]] = []
        for instruction, script in sheet.runs(stage):
            installs = [command for command in script.commands if apt(command, "install")]
            if installs and before:
                message = f"packages are installed in line {before[-1][0].line} already; install them in one RUN"
                yield at(installs[0], message, merged(sheet, before[-1], (instruction, script)))
            if installs:
                before.append((instruction, script))


APT_SPLIT_UPDATE = Plain(
    "apt-split-update", Severity.WARNING,
    "apt-get install without apt-get update in the same RUN installs by lists that the build cache kept",
    ("Parfum aptGetUpdatePrecedesInstall",), _split,
)  # fmt: skip
MORE_THAN_ONE_INSTALL = Plain(
    "more-than-one-install", Severity.STYLE, "packages are installed in several RUNs; install them in one",
    ("Parfum moreThanOneInstall",), _several,
)  # fmt: skip
