"""Package lists that stay in the layer."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.rewrite.model import Saving, Severity
from jettison.rewrite.rules.layers import behind, mounted, shipped, sudo
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

LISTS = "/var/lib/apt/lists"
#: As apt keeps them in Docker's images, which tell it not to unpack them.
_SAVING = Saving(19_856_468, "measured: the compressed lists of Debian 12, its updates and security, 2026-11-24")


def apt(command: Command, *verbs: str) -> bool:
    """Whether it is apt or apt-get with one of ``verbs``."""
    return command.name in ("apt-get", "apt") and any(command.runs(command.name, verb) for verb in verbs)


def fetches_none(script: Script) -> bool:
    """Whether it installs by lists that another RUN fetched."""
    first = next((command for command in script.commands if apt(command, "update", "install")), None)
    return first is not None and apt(first, "install")


def installs_later(sheet: Sheet, stage: Stage, instruction: Instruction) -> bool:
    """Whether a later RUN of the stage, or of a stage that is from it, reads the lists that ``instruction`` leaves."""
    return any(
        fetches_none(script)
        for other in sheet.stages
        if stage in sheet.lineage(other)
        for later, script in sheet.runs(other)
        if later.line > instruction.line
    )


def _removes(command: Command) -> bool:
    return command.name == "rm" and any((word.value or word.text).startswith(LISTS) for word in command.operands)


def _find(sheet: Sheet) -> Iterator[Hit]:
    for stage, instruction, script in shipped(sheet):
        updates = [command for command in script.commands if apt(command, "update")]
        if updates and not any(map(_removes, script.commands)) and not mounted(instruction, "^/var/(lib|cache)/apt"):
            edits = behind(script, f"{sudo(updates[0])}rm -rf {LISTS}/*")
            if installs_later(sheet, stage, instruction):
                edits = ()
            yield at(updates[0], "", edits, saving=_SAVING)


APT_LISTS = Plain(
    "apt-lists", Severity.INFO, "the package lists stay in the layer; remove them in the same RUN",
    ("hadolint DL3009", "Parfum aptGetInstallThenRemoveAptLists"), _find,
)  # fmt: skip
