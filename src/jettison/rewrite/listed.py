"""A RUN in exec form as a script of one command, so that rules need not know the form."""

from __future__ import annotations

import json

from jettison.dockerfile import Instruction
from jettison.rewrite.shell import Command, Script, Word


def listed(words: tuple[str, ...], instruction: Instruction, start: int) -> Script:
    """The command that ``words`` run; each word stands where its JSON does. ``start`` is that of the source.

    Not ``sound``: what rules would put between the words of a shell is no JSON.
    """
    source, at = instruction.source, 0
    found = []
    for word in words:
        text = next((each for each in (json.dumps(word), json.dumps(word, ensure_ascii=False)) if each in source), "")
        place = source.find(text, at) if text else -1
        if place < 0:
            place, text = at, ""
        at = place + len(text)
        found.append(Word(word, word, start + place, start + at))
    end = start + len(source.rstrip())
    return Script((Command(tuple(found), start, end),), start, source, sound=False)
