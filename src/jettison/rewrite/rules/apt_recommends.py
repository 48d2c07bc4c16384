"""``apt-get install`` without ``--no-install-recommends``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jettison.rewrite.model import Edit, Finding, Severity
from jettison.rewrite.rules.layers import verb
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command

_INSTALL = frozenset({"install"})
_SWITCHED_OFF = "APT::Install-Recommends"


@dataclass(frozen=True, slots=True)
class AptRecommends:
    """Recommended packages are installed that nobody asked for.

    A program may need what was only recommended, and only a probe can tell: the edit is not a safe one.
    """

    name: str = "apt-recommends"
    severity: Severity = Severity.INFO
    summary: str = "recommended packages are installed that nobody asked for; say --no-install-recommends"
    also: tuple[str, ...] = ("hadolint DL3015", "Parfum aptGetInstallUseNoRec")

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Every apt or apt-get install that neither forbids them nor runs with them switched off."""
        for stage in sheet.stages:
            for _, script in sheet.runs(stage):
                if _SWITCHED_OFF not in script.text:
                    yield from map(self._finding, filter(_brings_them, script.commands))

    def _finding(self, command: Command) -> Finding:
        word = verb(command, _INSTALL) or command.operands[0]
        edit = Edit(word.end, word.end, " --no-install-recommends")
        return Finding(self.name, self.severity, self.summary, word.start, word.end, edits=(edit,), safe=False)


def _brings_them(command: Command) -> bool:
    return (
        command.name in ("apt-get", "apt")
        and verb(command, _INSTALL) is not None
        and "--no-install-recommends" not in command.options
    )
