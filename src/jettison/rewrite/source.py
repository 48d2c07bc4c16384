"""The shell in an instruction's source, with all else as blanks, so that offsets stay."""

from __future__ import annotations

import re

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Command as ShellOrWords
from jettison.dockerfile.model import Health, OnBuild, Run
from jettison.rewrite.shell import Script, parse

#: Shells whose language is the one that is read here; the others' RUNs are passed over.
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh", "busybox"})
_FLAG = re.compile(r"\s*--[a-z-]+(?:=(?:\"[^\"]*\"|\S)*)?(?=\s)")
_HEREDOC_ALONE = re.compile(r"\s*<<-?\s*(['\"]?)(\w+)\1\s*\Z")
_SHEBANG = re.compile(r"\s*#!\s*(\S*/env\s+)?(\S+)")


def read_script(instruction: Instruction, escape: str = "\\", start: int = 0) -> Script | None:
    """The shell in an instruction whose source stands at ``start``; ``None`` where there is none."""
    command = _command(triggered(instruction))
    if command is None or command.words is not None:
        return None
    found = _shell_text(instruction, escape)
    return parse(found, start) if found is not None else None


def triggered(instruction: Instruction) -> Instruction:
    """The instruction itself; for ONBUILD, its trigger."""
    return instruction.payload.trigger if isinstance(instruction.payload, OnBuild) else instruction


def _command(instruction: Instruction) -> ShellOrWords | None:
    payload = instruction.payload
    if isinstance(payload, Run | Health):
        return payload.command
    return payload if isinstance(payload, ShellOrWords) else None


def is_posix(words: tuple[str, ...]) -> bool:
    """Whether SHELL's words are a shell whose language is read here."""
    return bool(words) and words[0].replace("\\", "/").rpartition("/")[2] in _SHELLS


def _shell_text(instruction: Instruction, escape: str) -> str | None:
    """The source with all that is not shell as blanks, so that offsets stay; ``None`` for another language."""
    logical, documents = _logical_end(instruction)
    head = _blank_continuations(instruction.source[:logical], escape)
    head = _blank_front(head, instruction)
    alone = _HEREDOC_ALONE.match(head)
    if not documents:
        return head
    if not alone:
        return head.rstrip("\r\n") + "\n" + instruction.source[logical:] if head.strip() else None
    body = documents.rstrip("\r\n")
    at = body.rfind("\n") + 1
    shebang = _SHEBANG.match(body)
    if shebang and not is_posix((shebang[2],)):
        return None
    return " " * (logical - 1) + "\n" + body[:at] + " " * (len(documents) - at)


def _logical_end(instruction: Instruction) -> tuple[int, str]:
    """Where the logical line ends in the source, and the here-documents that follow it."""
    payload = triggered(instruction).payload
    heredocs = payload.heredocs if isinstance(payload, Run) else ()
    source = instruction.source
    if not heredocs:
        return len(source), ""
    count = sum(heredoc.content.count("\n") + 1 for heredoc in heredocs)
    lines = source.splitlines(keepends=True)
    documents = "".join(lines[len(lines) - count :])
    return len(source) - len(documents), documents


def _blank_continuations(source: str, escape: str) -> str:
    """Escapes at line ends, the line ends, and comments between continued lines become blanks."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", source)
    parts = []
    for number, line in enumerate(lines):
        content = line.rstrip("\r\n")
        if number and (not content.strip() or content.lstrip().startswith("#")):
            parts.append(" " * len(line))
            continue
        kept = content.rstrip(" \t").removesuffix(escape)
        parts.append((kept if kept != content.rstrip(" \t") else content).ljust(len(line)))
    return "".join(parts)


def _blank_front(head: str, instruction: Instruction) -> str:
    """Without the keyword, the flags, and HEALTHCHECK's CMD."""
    at = len(head) - len(head.lstrip("\ufeff \t"))
    keywords = [r"ONBUILD\s+"] if isinstance(instruction.payload, OnBuild) else []
    keywords.append(rf"{triggered(instruction).keyword}(?=\s)")
    for keyword in keywords:
        found = re.compile(keyword, re.IGNORECASE).match(head, at)
        at = found.end() if found else at
    while found := _FLAG.match(head, at):
        at = found.end()
    if triggered(instruction).keyword == "HEALTHCHECK":
        found = re.compile(r"\s*CMD(?=\s)", re.IGNORECASE).match(head, at)
        at = found.end() if found else at
    return " " * at + head[at:]
