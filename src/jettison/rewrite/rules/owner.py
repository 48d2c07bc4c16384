"""COPY, and then a RUN that gives all of it another owner or mode: every file is in two layers."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Instruction, Stage
from jettison.dockerfile.model import Copy, Run
from jettison.rewrite.model import Edit, Severity
from jettison.rewrite.rules.context_bytes import saving, state
from jettison.rewrite.rules.layers import shipped
from jettison.rewrite.rules.places import directory_at, inside, resolved
from jettison.rewrite.rules.plain import Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Script, Word

#: What may stand between COPY and RUN without a meaning for either.
_METADATA = frozenset({"ENV", "LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL"})
_OWNER = re.compile(r"([A-Za-z_][\w.-]*|\d+)(?::([A-Za-z_][\w.-]*|\d+))?")
_MODE = re.compile(r"0?[0-7]{3}")
_ADD_X = re.compile(r"a?\+x")


@dataclass(frozen=True, slots=True)
class Change:
    """``chown`` or ``chmod`` of one path. ``flag`` is what COPY would say; ``everything`` is ``-R``'s word."""

    command: Command
    path: str
    flag: str
    everything: Word | None


def change(command: Command, here: str) -> Change | None:
    """What a command does to one path that is known, in words of which COPY has an equivalent."""
    if command.name not in ("chown", "chmod") or len(command.operands) != 2 or command.redirections:
        return None
    options = [word for word in command.arguments if word.text.startswith("-")]
    if command.before not in ("", "&&") or command.conditional or command.apart:
        return None
    if len(options) > 1 or (options and options[0].text not in ("-R", "--recursive")):
        return None
    what, path = command.operands[0].value or "", resolved(command.operands[1].value or "", here)
    if re.search(r"[*?\[{~]", command.operands[1].text) or not path or path == "/":
        return None
    flag = _flag(command.name, what)
    return Change(command, path, flag, options[0] if options else None) if flag else None


def _flag(name: str, what: str) -> str:
    if name == "chmod":
        return f"--chmod={what}" if _MODE.fullmatch(what) or _ADD_X.fullmatch(what) else ""
    found = _OWNER.fullmatch(what)
    # chown without a group leaves root's, which COPY would change.
    return f"--chown={found[1]}:{found[2] or '0'}" if found else ""


def copies_before(sheet: Sheet, stage: Stage, run: Instruction, path: str) -> list[tuple[Instruction, str]]:
    """The COPYs to ``path`` or below it right in front of a RUN, with where each copies to."""
    found: list[tuple[Instruction, str]] = []
    for instruction in reversed([each for each in stage.instructions if each.line < run.line]):
        if instruction.keyword in _METADATA:
            continue
        target = _target(sheet, stage, instruction)
        if not target:
            break
        if inside(target, path):
            found.append((instruction, target))
    return found


def _target(sheet: Sheet, stage: Stage, instruction: Instruction) -> str:
    payload = instruction.payload
    if not isinstance(payload, Copy) or payload.heredocs or payload.add:
        return ""
    here = directory_at(stage, instruction)
    target = resolved(payload.destination.strip("\"'"), here)
    ends = payload.destination.strip("\"'").endswith(("/", ".")) or len(payload.sources) > 1
    if ends and len(payload.sources) == 1 and (name := _copied_name(sheet, instruction)):
        return f"{target.rstrip('/')}/{name}"
    return target


def _copied_name(sheet: Sheet, copy: Instruction) -> str:
    """The name of the one file that is copied: by the context, else by how it looks."""
    if sheet.context is None or "--from" in copy.source:
        return _file_name(_source(copy))
    return _source(copy).rpartition("/")[2] if _file_mode(sheet, copy) is not None else ""


def _file_name(source: str) -> str:
    """The name of a source that looks like one file: with an ending, without a pattern."""
    name = source.strip("\"'").rpartition("/")[2]
    return name if re.fullmatch(r"[\w-][\w.-]*\.\w+", name) and "$" not in source else ""


def _find(sheet: Sheet) -> Iterator[Hit]:
    for stage, instruction, script in shipped(sheet):
        found = changed(sheet, stage, instruction, script)
        if found:
            edits, safe = _edits(sheet, stage, instruction, script, *found)
            which = "--chmod" if found[0].command.name == "chmod" else "--chown"
            message = f"every file of line {found[1][0][0].line} is in a second layer; use COPY {which}"
            brought = [copy.payload for copy, _ in found[1] if isinstance(copy.payload, Copy)]
            yield at(found[0].command, message, edits, safe=safe, saving=saving(sheet.context, brought))


def changed(
    sheet: Sheet, stage: Stage, instruction: Instruction, script: Script
) -> tuple[Change, list[tuple[Instruction, str]]] | None:
    """The first change of a RUN that is about what was copied just before."""
    if not isinstance(instruction.payload, Run) or any(command.name == "cd" for command in script.commands):
        return None
    here = directory_at(stage, instruction)
    for command in script.commands:
        found = change(command, here)
        copies = copies_before(sheet, stage, instruction, found.path) if found else []
        if found and copies and (found.everything or _is_file(sheet, found, copies)):
            return found, copies
    return None


def _is_file(sheet: Sheet, found: Change, copies: list[tuple[Instruction, str]]) -> bool:
    """Whether what is changed is one file that was copied: by the context, else by its name."""
    if len(copies) != 1 or copies[0][1] != found.path:
        return False
    return _file_mode(sheet, copies[0][0]) is not None or (
        bool(_file_name(found.path)) and (sheet.context is None or "--from" in copies[0][0].source)
    )


def _edits(
    sheet: Sheet, stage: Stage, run: Instruction, script: Script, found: Change,
    copies: list[tuple[Instruction, str]],
) -> tuple[tuple[Edit, ...], bool]:  # fmt: skip
    """Flags for the COPYs, and the RUN without what they do; whether that is the same to the last bit.

    A directory may have been there before: it itself is still changed, and only a build shows what else was in it.
    """
    option = found.flag.partition("=")[0]
    if any(option in copy.source for copy, _ in copies) or not _first_of_its_kind(found, script):
        return (), False
    if re.search("[A-Za-z]", found.flag.partition("=")[2]) and any("--link" in copy.source for copy, _ in copies):
        return (), False  # names are looked up in the stage, of which a linked COPY sees nothing
    one_file = len(copies) == 1 and copies[0][1] == found.path
    mode = _file_mode(sheet, copies[0][0]) if one_file else None
    flag = found.flag
    if _ADD_X.search(flag):
        if not one_file or found.everything:
            return (), False
        flag = f"--chmod={(0o644 if mode is None else mode) | 0o111:o}"
    added = []
    for copy, _ in copies:
        end = sheet.bounds(copy)[0] + len(copy.keyword)
        added.append(Edit(end, end, f" {flag}"))
    if mode is not None or (one_file and not found.everything):
        gone = _without(sheet, run, script) if found.command is script.commands[0] else None
        same_name = copies[0][1].rpartition("/")[2] == _source(copies[0][0]).rpartition("/")[2]
        return ((*added, gone) if gone else ()), mode is not None and same_name
    if not found.everything:
        return (), False
    return (*added, Edit(found.everything.start, found.everything.end + 1, "")), False


def _first_of_its_kind(found: Change, script: Script) -> bool:
    """Whether nothing but changes of owners and modes stands in front of it, so that its users are there before."""
    before = script.commands[: script.commands.index(found.command)]
    return all(command.name in ("chown", "chmod") and command.before in ("", "&&") for command in before)


def _file_mode(sheet: Sheet, copy: Instruction) -> int | None:
    """The mode of the one regular file that is copied under its own name; ``None`` where that is not known."""
    payload = copy.payload
    if sheet.context is None or not isinstance(payload, Copy) or payload.from_ or len(payload.sources) != 1:
        return None
    source = _source(copy)
    if re.search(r"[*?\[$\\:]|\.\.", source):
        return None
    status = state(sheet.context, source)
    return stat.S_IMODE(status.st_mode) if status and stat.S_ISREG(status.st_mode) else None


def _source(copy: Instruction) -> str:
    return copy.payload.sources[0].strip("\"'").lstrip("/") if isinstance(copy.payload, Copy) else ""


def _without(sheet: Sheet, run: Instruction, script: Script) -> Edit | None:
    """The RUN without its first command; without commands, no RUN."""
    first = script.commands[0]
    if len(script.commands) == 1:
        start = sheet.offset(run)
        return Edit(start, start + len(run.source), "") if "<<" not in run.source else None
    following = script.commands[1]
    if following.before != "&&" or "#" in sheet.text[first.end : following.start]:
        return None
    return Edit(first.start, following.start, "")


CHOWN_COPY = Plain(
    "chown-copy", Severity.WARNING,
    "every file that was just copied is in a second layer; give COPY the owner or mode", (), _find,
)  # fmt: skip
