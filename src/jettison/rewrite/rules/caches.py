"""Rules about package managers that leave what they downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Instruction, Stage
from jettison.rewrite.model import Edit, Finding, Severity
from jettison.rewrite.rules.layers import behind, later, mounted, shipped, sudo, tool, verb
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script, Word


@dataclass(frozen=True, slots=True)
class Cache:
    """A program, or several with ``|``, that keeps a cache when it does one of ``verbs`` (``""``: without any).

    It is found neither with one of ``options``, nor with a variable of ``variables`` set, nor where ``cleaned`` is
    found behind it in the script, nor where ``mount`` is found in the target of a mount. It is mended by ``insert``
    behind the verb, or else by ``append`` behind the RUN, but not where ``reads`` is found in a later RUN.
    """

    name: str
    summary: str
    also: tuple[str, ...]
    program: str
    verbs: frozenset[str]
    cleaned: str
    mount: str
    options: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    insert: str = ""
    append: str = ""
    reads: str = r"--(?:prefer-)?offline\b"
    safe: bool = True
    severity: Severity = Severity.INFO

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """The first command of each RUN for ``append``; every command for ``insert``."""
        for stage, instruction, script in shipped(sheet):
            if mounted(instruction, self.mount) or self.variables & _variables(sheet, stage, script):
                continue
            found = [(c, place) for c in script.commands if (place := self.place(c)) and self.keeps(c, script)]
            for command, place in found if self.insert else found[:1]:
                edits = self.edits(command, place, script)
                if not self.insert and self.read(sheet, stage, instruction):
                    edits = ()
                yield Finding(
                    self.name, self.severity, self.summary, command.start, place.end, None, edits, self.safe
                )  # fmt: skip

    def read(self, sheet: Sheet, stage: Stage, instruction: Instruction) -> bool:
        """Whether a later RUN, or what the container runs, needs the cache."""
        starts = [
            each.source
            for other in sheet.stages
            if stage in sheet.lineage(other)
            for each in other.instructions
            if each.keyword in ("CMD", "ENTRYPOINT")
        ]
        texts = [*starts, *(script.text for script in later(sheet, stage, instruction))]
        return any(re.search(self.reads, text) for text in texts)

    def place(self, command: Command) -> Word | None:
        """The verb; the program itself where it does without one."""
        name, operands = tool(command)
        if name not in self.program.split("|"):
            return None
        return command.proper[0] if "" in self.verbs and not operands else verb(command, self.verbs)

    def keeps(self, command: Command, script: Script) -> bool:
        """Whether neither an option nor a later command of the script is against it."""
        if command.options & (self.options | {"--help", "--version", "--dry-run"}):
            return False
        return not re.search(self.cleaned, script.text[command.start - script.start :])

    def edits(self, command: Command, place: Word, script: Script) -> tuple[Edit, ...]:
        """One insertion."""
        if self.insert:
            return (Edit(place.end, place.end, f" {self.insert}"),)
        return behind(script, sudo(command) + self.append.replace("PROGRAM", command.name))


def _variables(sheet: Sheet, stage: Stage, script: Script) -> set[str]:
    """Names that an ENV or ARG, an assignment or ``export`` sets."""
    return set(sheet.declared(stage)) | set(re.findall(r"\b([A-Z][A-Z_]+)=", script.text))
