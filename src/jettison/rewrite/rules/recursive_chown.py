"""A RUN that does nothing but give files of earlier layers another owner or mode."""

from __future__ import annotations

from collections.abc import Iterator

from jettison.rewrite.model import Severity
from jettison.rewrite.rules.layers import shipped
from jettison.rewrite.rules.owner import changed
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script

_NOT_MAKING = frozenset({
    "chown", "chmod", "chgrp", "useradd", "adduser", "addgroup", "groupadd", "usermod", "mkdir", "true", "echo", "set",
    "sed", "id", "ls", "touch",
})  # fmt: skip


def _recursive(sheet: Sheet) -> Iterator[Hit]:
    for stage, instruction, script in shipped(sheet):
        if any(command.name not in _NOT_MAKING for command in script.commands):
            continue
        if changed(sheet, stage, instruction, script):
            continue
        for command in script.commands:
            recursive = command.options & {"-R", "--recursive"} and command.name in ("chown", "chmod", "chgrp")
            if recursive and not _fresh(command, script):
                yield at(command)


def _fresh(command: Command, script: Script) -> bool:
    """Whether the same RUN made the directories that it changes."""
    made = {word.text for each in script.commands if each.name == "mkdir" for word in each.operands}
    return all(word.text in made for word in command.operands[1:])


RECURSIVE_CHOWN = Plain(
    "recursive-chown", Severity.INFO,
    "every file below is in this layer again; set owner and mode where the files are made", (), _recursive,
)  # fmt: skip
