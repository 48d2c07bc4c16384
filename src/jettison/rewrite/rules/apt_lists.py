"""Package lists that stay in the layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Run
from jettison.rewrite.model import Edit, Finding, Saving, Severity
from jettison.rewrite.sheet import Sheet, triggered
from jettison.rewrite.shell import Command, Script

LISTS = "/var/lib/apt/lists"


@dataclass(frozen=True, slots=True)
class AptLists:
    """``apt-get update`` writes about 20 MB of lists that only ``apt-get install`` reads."""

    name: str = "apt-lists"
    severity: Severity = Severity.INFO
    summary: str = "the package lists stay in the layer; remove them in the same RUN"
    also: tuple[str, ...] = ("hadolint DL3009", "Parfum aptGetInstallThenRemoveAptLists")

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Every RUN that fetches lists and does not remove them. A stage that only others copy from may keep them."""
        for stage in sheet.stages:
            for instruction, script in sheet.runs(stage):
                updates = [c for c in script.commands if c.name in ("apt-get", "apt") and c.runs(c.name, "update")]
                if updates and not any(map(_removes, script.commands)) and not _mounted(instruction):
                    saving = Saving(20_000_000, "measured on debian:bookworm, 2026-11-24")
                    yield Finding(
                        self.name, self.severity, self.summary, updates[0].start, updates[0].end, saving,
                        _edits(sheet, script),
                    )  # fmt: skip


def _removes(command: Command) -> bool:
    return command.name == "rm" and any((word.value or word.text).startswith(LISTS) for word in command.operands)


def _mounted(instruction: Instruction) -> bool:
    payload = triggered(instruction).payload
    mounts = payload.mounts if isinstance(payload, Run) else ()
    return any(
        (mount.get("target", "dst", "destination") or "").startswith(("/var/lib/apt", "/var/cache/apt"))
        for mount in mounts
    )


def _edits(sheet: Sheet, script: Script) -> tuple[Edit, ...]:
    """Behind the last command, where all of them are joined by ``&&``."""
    top = [command for command in script.commands if not command.apart]
    if any(command.conditional or command.before not in ("", "&&", ";") for command in top):
        return ()
    end = top[-1].end
    if script.text[end - script.start :].strip():
        return ()
    return (Edit(end, end, f" \\\n && rm -rf {LISTS}/*"),)
