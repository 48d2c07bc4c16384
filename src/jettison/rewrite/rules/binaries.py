"""How programs are compiled and packed: with symbols, without optimization, or so that nobody can look into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command

_STRIPPED = re.compile(r"-ldflags[^;&|]*(?<!\w)-(?:s|w)\b")


def _commands(sheet: Sheet) -> Iterator[tuple[Command, str]]:
    for stage in sheet.stages:
        variables = "\n".join(i.source for i in stage.instructions if i.keyword in ("ENV", "ARG"))
        for _, script in sheet.runs(stage):
            yield from ((command, f"{variables}\n{script.text}") for command in script.commands)


def _go(sheet: Sheet) -> Iterator[Hit]:
    for command, text in _commands(sheet):
        if command.runs("go", "build") and not _STRIPPED.search(text) and "strip" not in text:
            flags = {word.text.partition("=")[0].lstrip("-") for word in command.arguments}
            trimmed = "" if "trimpath" in flags else " -trimpath"
            end = command.operands[0].end
            edits = (Edit(end, end, f"{trimmed} -ldflags='-s -w'"),)
            yield at(command, "", () if "ldflags" in flags or "GOFLAGS" in text else edits, safe=False)


def _cargo(sheet: Sheet) -> Iterator[Hit]:
    for command, _ in _commands(sheet):
        if command.runs("cargo", "build") and not command.options & {"--release", "-r", "--profile"}:
            yield at(command)


def _upx(sheet: Sheet) -> Iterator[Hit]:
    for command, _ in _commands(sheet):
        if command.name == "upx" and not command.options & {"-d", "-t", "-l", "--version"}:
            yield at(command)


GO_STRIP = Plain(
    "go-strip", Severity.INFO, "go build keeps symbols and debugging information; say -trimpath -ldflags='-s -w'",
    (), _go,
)  # fmt: skip
CARGO_RELEASE = Plain(
    "cargo-release", Severity.INFO, "cargo build without --release makes a large and slow program", (), _cargo
)
UPX = Plain(
    "upx", Severity.WARNING,
    "a program packed by upx hides its modules from scanners, and is unpacked into memory at each start", (), _upx,
)  # fmt: skip
