"""Programs that only a build needs, in the stage that becomes the image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.rewrite.model import Severity
from jettison.rewrite.rules.layers import shipped, tool
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script, Word

#: Program -> the first operands with which it compiles; ``*``: any.
_COMPILES: dict[str, frozenset[str]] = {
    "go": frozenset({"build", "install"}), "cargo": frozenset({"build", "install"}),
    "mvn": frozenset({"package", "install", "verify"}), "mvnw": frozenset({"package", "install", "verify"}),
    "gradle": frozenset({"build", "assemble", "bootJar", "shadowJar", "installDist"}),
    "gradlew": frozenset({"build", "assemble", "bootJar", "shadowJar", "installDist"}),
    "dotnet": frozenset({"build", "publish"}), "sbt": frozenset({"assembly", "stage"}),
    "npm": frozenset({"run build"}), "pnpm": frozenset({"run build", "build"}),
    "yarn": frozenset({"run build", "build"}),
    "make": frozenset({"*"}), "cmake": frozenset({"*"}), "gcc": frozenset({"*"}), "g++": frozenset({"*"}),
    "javac": frozenset({"*"}), "tsc": frozenset({"*"}), "webpack": frozenset({"*"}), "ng": frozenset({"build"}),
}  # fmt: skip
_PACKAGES = re.compile(
    r"(?:build-essential|build-base|alpine-sdk|gcc|g\+\+|clang|make|cmake|golang(?:-go)?|go|rustc|cargo|maven|gradle"
    r"|openjdk-?\d+-jdk(?:-headless)?|gcc-c\+\+|[\w.+-]+-dev(?:el)?|linux-headers)(?:=.*)?"
)
_INSTALLERS = {"apt-get": "install", "apt": "install", "apk": "add", "yum": "install", "dnf": "install"}
_UNDO = re.compile(
    r"\b(?:apt-get|apt)\s[^;&|]*\b(?:purge|remove|autoremove)\b|\bapk\s+del\b|\b(?:yum|dnf)\s[^;&|]*\b(?:remove|erase)\b"
)


def compiles(command: Command) -> bool:
    """Whether a command makes programs out of source."""
    name, operands = tool(command)
    if name == "go" or not operands:
        values = [operands[0].value or ""] if operands else []
    else:
        values = [word.value or "" for word in operands]
    said = {*values[:4], " ".join(values[:2])}
    known = _COMPILES.get(name, frozenset())
    return bool(known & said) or "*" in known


def packages(command: Command) -> Iterator[Word]:
    """The packages for building that a command installs."""
    if command.name in _INSTALLERS and command.runs(command.name, _INSTALLERS[command.name]):
        yield from (word for word in command.operands[1:] if _PACKAGES.fullmatch(word.value or ""))


def _find(sheet: Sheet) -> Iterator[Hit]:
    for _, _, script in shipped(sheet):
        for place, what in _places(script):
            yield at(place, f"{what}, and all of it stays in the image; build in a stage of its own: jettison rewrite")
            return


def _places(script: Script) -> Iterator[tuple[Command | Word, str]]:
    for command in script.commands:
        for word in packages(command):
            if not _UNDO.search(script.text[command.end - script.start :]):
                yield word, f"{word.value} is for building"
        if compiles(command) and not _UNDO.search(script.text):
            yield command, f"{command.name} builds in the last stage"


SINGLE_STAGE = Plain(
    "single-stage-build", Severity.INFO,
    "what only a build needs stays in the image; build in a stage of its own: jettison rewrite", (), _find,
)  # fmt: skip
