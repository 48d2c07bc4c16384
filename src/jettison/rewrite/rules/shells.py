"""How RUNs use the shell: ``cd``, ``/bin/sh`` made another one, pipes that hide errors, one RUN after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jettison.dockerfile.model import Run, ShellWords
from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Hit, Plain, at, on
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Script

_PIPEFAIL = re.compile(r"\bpipefail\b")
#: Shells that have ``pipefail`` in every release that is still to be met.
_CAPABLE = re.compile(r"(?:.*/)?(?:bash|zsh|ash|ksh)")


def _cd(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("cd"):
        if not ran.command.apart and not ran.command.conditional:
            yield at(ran.command)


def _link(sheet: Sheet) -> Iterator[Hit]:
    for ran in sheet.commands("ln"):
        target = ran.command.operands[-1].value if ran.command.operands else None
        if target in ("/bin/sh", "/usr/bin/sh"):
            yield at(ran.command)


def _pipes(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        strict = False
        for instruction in stage.instructions:
            if isinstance(instruction.payload, ShellWords):
                words = instruction.payload.words
                strict = bool(_CAPABLE.fullmatch(words[0])) and any(map(_PIPEFAIL.search, words))
            script = sheet.script(instruction) if instruction.keyword == "RUN" else None
            if script and not strict and not _sets(script):
                yield from _piped(script)


def _sets(script: Script) -> bool:
    """Whether ``set -o pipefail`` is among the commands."""
    sets = (word.text for command in script.commands if command.name == "set" for word in command.arguments)
    return "pipefail" in sets


def _piped(script: Script) -> Iterator[Hit]:
    """The first command that reads from a pipe. Within substitutions commands do not say what stands before them."""
    for previous, command in pairwise(script.commands):
        between = script.text[previous.end - script.start : command.start - script.start].strip()
        if between in ("|", "|&") or command.before in ("|", "|&"):
            yield at(command)
            return


def _both(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        seen: set[str] = set()
        for instruction, script in sheet.runs(stage):
            here = {command.name for command in script.commands} & {"curl", "wget"}
            seen |= here
            if here and len(seen) > 1:
                yield on(sheet, instruction)


def _consecutive(sheet: Sheet) -> Iterator[Hit]:
    for stage in sheet.stages:
        before: tuple[object, ...] | None = None
        for instruction in stage.instructions:
            script = sheet.script(instruction)
            payload = instruction.payload
            single = isinstance(payload, Run) and script and len(script.commands) == 1
            flags = (payload.mounts, payload.network, payload.security) if single and isinstance(payload, Run) else None
            if flags is not None and flags == before:
                yield on(sheet, instruction)
            before = flags


CD_WORKDIR = Plain(
    "cd-workdir", Severity.WARNING, "cd lasts until the end of its RUN; WORKDIR says where all that follows is run",
    ("hadolint DL3003",), _cd,
)  # fmt: skip
SHELL_LINK = Plain(
    "shell-link", Severity.WARNING, "another shell as /bin/sh surprises what relies on the first; SHELL is for RUN",
    ("hadolint DL4005",), _link,
)  # fmt: skip
PIPE_FAIL = Plain(
    "pipe-fail", Severity.WARNING, "only the last program of a pipe can fail the build; SHELL -o pipefail mends it",
    ("hadolint DL4006",), _pipes,
)  # fmt: skip
CURL_AND_WGET = Plain(
    "curl-and-wget", Severity.WARNING, "curl and wget do the same; one of them is enough", ("hadolint DL4001",), _both
)
CONSECUTIVE_RUNS = Plain(
    "consecutive-runs", Severity.INFO, "two RUNs in a row make two layers; && makes them one", ("hadolint DL3059",),
    _consecutive,
)  # fmt: skip
