"""Two RUNs made one, where that changes nothing but the layers."""

from __future__ import annotations

import re
from typing import TypeAlias

from jettison.dockerfile import Instruction
from jettison.dockerfile.model import Run
from jettison.rewrite.model import Edit
from jettison.rewrite.rules.layers import behind
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Script

Pair: TypeAlias = "tuple[Instruction, Script]"
#: What the first shell would hand on to the second if they were one.
_STATE = frozenset({
    "", ".", "alias", "cd", "declare", "eval", "exec", "exit", "export", "hash", "local", "popd", "pushd", "read",
    "readonly", "return", "set", "shift", "shopt", "source", "trap", "typeset", "ulimit", "umask", "unset",
})  # fmt: skip
_BETWEEN = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")


def merged(sheet: Sheet, first: Pair, second: Pair) -> tuple[Edit, ...]:
    """One edit that joins neighbours by ``&&``; none where they are no neighbours, or more than layers would change."""
    if not (_plain(*first) and _plain(*second) and _leaves_no_state(first[1]) and _joined_by_and(second[1])):
        return ()
    last, start, text = behind(first[1], ""), second[1].commands[0].start, sheet.text
    if not last or text[last[0].start : sheet.offset(second[0])].find("\n") < 0:
        return ()
    between = text[last[0].start : sheet.offset(second[0])]
    if not _BETWEEN.fullmatch(between):
        return ()
    if re.search(r"#\s*(jettison|hadolint)\b", between):
        return ()  # it silences rules for the second one alone
    comments = "".join(f"{line}\n" for line in between.split("\n")[1:] if line.strip())
    return (Edit(last[0].start, start, f" \\\n{comments} && "),)


def _plain(instruction: Instruction, script: Script) -> bool:
    """Whether it is a RUN without flags and here-documents, and understood."""
    if not isinstance(instruction.payload, Run) or not script.sound or not script.commands:
        return False
    return re.match(r"\s*RUN[ \t]+(?!--)", instruction.source, re.IGNORECASE) is not None and "<<" not in script.text


def _leaves_no_state(script: Script) -> bool:
    if any(command.before == "&" for command in script.commands):
        return False
    return not any(command.name in _STATE and not command.apart for command in script.commands) and not re.search(
        r"(?:^|[;&|(]|&&)\s*[A-Za-z_]\w*=\S*\s*(?:[;&|]|$)|\(\)", script.text
    )


def _joined_by_and(script: Script) -> bool:
    """Whether each command is run only where all before succeeded, so that one more in front is the same."""
    if script.text[: script.commands[0].start - script.start].strip():
        return False
    if re.search(r"(?<!&)&(?![&>])", script.text):
        return False  # the whole list would go into the background
    return all(each.before in ("", "&&", "|") and not each.conditional for each in script.commands if not each.apart)
