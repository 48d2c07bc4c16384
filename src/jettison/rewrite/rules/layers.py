"""What rules about size share: the RUNs that end in the image, the programs in them, and what to put behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.model import Run
from jettison.rewrite.model import Edit
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script, Word
from jettison.rewrite.source import triggered

#: Words that are verbs also where an option stands in front of them.
_OTHER_VERBS = frozenset({"run", "exec", "remove", "purge", "list", "show", "test", "uninstall", "config", "help"})
_VERSION = re.compile(r"(pip|python|ruby|gem)[\d.]*")


def shipped(sheet: Sheet) -> Iterator[tuple[Stage, Instruction, Script]]:
    """The RUNs whose layers end in the image. Stages that others only copy from may keep what they like."""
    for stage in reversed(sheet.lineage(sheet.final)):
        for instruction, script in sheet.runs(stage):
            yield stage, instruction, script


def later(sheet: Sheet, stage: Stage, instruction: Instruction) -> Iterator[Script]:
    """What runs on top of an instruction: later RUNs of its stage, and of the stages that are from it."""
    for other in sheet.stages:
        if stage in sheet.lineage(other):
            yield from (script for each, script in sheet.runs(other) if each.line > instruction.line)


def tool(command: Command) -> tuple[str, tuple[Word, ...]]:
    """The program and its operands: ``pip`` for ``pip3`` and ``python -m pip``. An option's value before is no verb."""
    name, operands = command.name, command.operands
    versioned = _VERSION.fullmatch(name)
    name = versioned[1] if versioned else name
    if name == "python" and "-m" in command.options and operands:
        name, operands = operands[0].value or "", operands[1:]
    return name, operands


def verb(command: Command, verbs: frozenset[str]) -> Word | None:
    """The operand among ``verbs`` that says what to do: the first that is no value of an option in front of it."""
    previous = ""
    operands = tool(command)[1]
    for word in command.arguments:
        if word in operands:
            if word.value in verbs:
                return word
            if not previous.startswith("-") or "=" in previous or word.value in _OTHER_VERBS:
                return None
        previous = word.text
    return None


def mounted(instruction: Instruction, pattern: str) -> bool:
    """Whether something is mounted, and so in no layer, where ``pattern`` is found in the path."""
    payload = triggered(instruction).payload
    mounts = payload.mounts if isinstance(payload, Run) else ()
    return any(
        mount.type in ("cache", "tmpfs", "bind") and re.search(pattern, mount.get("target", "dst", "destination") or "")
        for mount in mounts
    )


def sudo(command: Command) -> str:
    """What has to stand in front of a command that is to have the same rights."""
    return "sudo " if command.words[0].value == "sudo" else ""


def behind(script: Script, command: str) -> tuple[Edit, ...]:
    """``&& command`` behind the last one; nothing where that would not be the end of the script.

    It runs only where the RUN succeeds as it is, so that the exit status stays the same.
    """
    top = [each for each in script.commands if not each.apart]
    if not top or top[-1].conditional or script.text[top[-1].end - script.start :].strip():
        return ()
    if re.search(r"<<|(?<!&)&\s*$", script.text):
        return ()
    return (Edit(top[-1].end, top[-1].end, f" \\\n && {command}"),)
