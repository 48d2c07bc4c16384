"""CMD and ENTRYPOINT in shell form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Command as ShellOrWords
from jettison.rewrite.model import Edit, Finding, Severity
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.simple import exec_words


@dataclass(frozen=True, slots=True)
class ExecForm:
    """The shell stands between the container and the program, and passes no signals on."""

    name: str = "exec-form"
    severity: Severity = Severity.WARNING
    summary: str = "the shell form starts a shell that swallows SIGTERM, so that stopping takes ten seconds"
    also: tuple[str, ...] = ("hadolint DL3025", "BuildKit JSONArgsRecommended")

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Every CMD and ENTRYPOINT in shell form, with an edit where the words are plain.

        It must be proved: a script may have no ``#!`` line, and an ENTRYPOINT of the base gets other words.
        """
        for stage in sheet.stages:
            for instruction in stage.instructions:
                payload = instruction.payload
                if isinstance(payload, ShellOrWords) and payload.words is None and not _replaces_shell(payload.text):
                    start, end = sheet.bounds(instruction)
                    message = f"{instruction.keyword} in shell form: {self.summary}"
                    yield Finding(
                        self.name, self.severity, message, start, end, edits=_edits(sheet, instruction), safe=False
                    )


def _replaces_shell(text: str) -> bool:
    """Whether the shell makes way for the program by itself."""
    return text.split()[:1] == ["exec"]


def _edits(sheet: Sheet, instruction: Instruction) -> tuple[Edit, ...]:
    script = sheet.script(instruction)
    words = exec_words(script) if script else None
    if words is None:
        return ()
    start, end = sheet.bounds(instruction)
    return (Edit(start, end, f"{instruction.keyword} {json.dumps(list(words), ensure_ascii=False)}"),)
