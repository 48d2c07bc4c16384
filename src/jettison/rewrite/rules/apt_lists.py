"""Package lists that stay in the layer."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Run
from jettison.rewrite.model import Edit, Saving, Severity
from jettison.rewrite.rules.layers import behind, later, mounted, shipped, sudo, verb
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

LISTS = "/var/lib/apt/lists"
_READERS = frozenset({"apt-get", "apt", "apt-cache", "aptitude", "apt-file", "gdebi"})
#: As apt keeps them in Docker's images, which tell it not to unpack them.
_SAVING = Saving(19_856_468, "measured: the compressed lists of Debian 12, its updates and security, 2026-11-24")


def apt(command: Command, *verbs: str) -> bool:
    """Whether it is apt or apt-get with one of ``verbs``."""
    return command.name in ("apt-get", "apt") and verb(command, frozenset(verbs)) is not None


def fetches_none(script: Script) -> bool:
    """Whether it reads lists that another RUN fetched."""
    first = next((command for command in script.commands if command.name in _READERS and command.operands), None)
    return first is not None and not apt(first, "update", "clean", "autoclean", "autoremove", "remove", "purge")


def _unknown(script: Script) -> bool:
    """Whether it runs something that nobody can look into here."""
    return any(
        "/" in str(command.proper[0].value) or not command.name or command.name in ("sh", "bash", ".", "source", "eval")
        for command in script.commands
        if command.proper
    )


def _removes(command: Command) -> bool:
    return command.name in ("rm", "find") and any(
        (word.value or word.text).startswith(LISTS) for word in command.operands
    )


def _find(sheet: Sheet) -> Iterator[Hit]:
    known: dict[int, tuple[bool, bool]] = {}

    def looked_at(script: Script) -> tuple[bool, bool]:
        if id(script) not in known:
            known[id(script)] = (fetches_none(script), _unknown(script))
        return known[id(script)]

    for stage, instruction, script in shipped(sheet):
        updates = [command for command in script.commands if apt(command, "update")]
        if updates and not any(map(_removes, script.commands)) and not mounted(instruction, "^/var/(lib|cache)/apt"):
            below = [looked_at(script) for script in later(sheet, stage, instruction)]
            edits = () if any(reads for reads, _ in below) else _edits(sheet, instruction, script, updates[0])
            yield at(updates[0], "", edits, safe=not any(unknown for _, unknown in below), saving=_SAVING)


def _edits(sheet: Sheet, instruction: Instruction, script: Script, update: Command) -> tuple[Edit, ...]:
    """The lists removed behind the last command; where there is none but the update, without that RUN."""
    if len(script.commands) == 1 and isinstance(instruction.payload, Run) and "<<" not in instruction.source:
        start = sheet.offset(instruction)
        return (Edit(start, start + len(instruction.source), ""),)
    return behind(script, f"{sudo(update)}rm -rf {LISTS}/*")


APT_LISTS = Plain(
    "apt-lists", Severity.INFO, "the package lists stay in the layer; remove them in the same RUN",
    ("hadolint DL3009", "Parfum aptGetInstallThenRemoveAptLists"), _find,
)  # fmt: skip
