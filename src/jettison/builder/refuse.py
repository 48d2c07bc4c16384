"""What this engine does not do is refused before anything is built, naming what does it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jettison.builder.download import is_git
from jettison.dockerfile.model import Copy, Dockerfile, Instruction, OnBuild, Run
from jettison.dockerfile.stages import Stage
from jettison.errors import Unsupported

_FRONTEND = re.compile(r"(docker\.io/)?docker/dockerfile(-upstream)?(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$")


def refuse(dockerfile: Dockerfile, stages: Iterable[Stage]) -> None:
    """Raise ``Unsupported`` for the first thing in ``stages`` that is not done here."""
    syntax = dockerfile.directives.get("syntax", "")
    if syntax and not _FRONTEND.match(syntax):
        raise _unsupported(dockerfile.file, 1, f"the frontend {syntax}")
    for stage in stages:
        for instruction in stage.instructions:
            refuse_instruction(instruction)


def refuse_instruction(instruction: Instruction) -> None:
    """Raise ``Unsupported`` if it is not done here."""
    payload = instruction.payload
    reason = ""
    if isinstance(payload, OnBuild):
        return  # the child's affair
    if isinstance(payload, Copy):
        reason = _copy(payload)
    elif isinstance(payload, Run):
        reason = _run(payload)
    if reason:
        raise _unsupported(instruction.file, instruction.line, reason)


def _copy(payload: Copy) -> str:
    if payload.add and any(is_git(source) for source in payload.sources):
        return "ADD of a git repository"
    if payload.keep_git_dir:
        return "ADD --keep-git-dir"
    if payload.checksum and not all(source.startswith(("http://", "https://")) for source in payload.sources):
        return "ADD --checksum of what is no URL"
    return ""


def _run(payload: Run) -> str:
    if payload.security == "insecure":
        return "RUN --security=insecure"
    for mount in payload.mounts:
        if mount.type == "ssh":
            return "RUN --mount=type=ssh"
        if mount.type == "cache" and "from" in mount.options:
            return "RUN --mount=type=cache,from="
    return ""


def _unsupported(file: str, line: int, what: str) -> Unsupported:
    return Unsupported(f"cannot build {file}:{line}: {what} is not done by this engine; use --engine docker")
