"""Which here-documents an instruction announces: ``<<NAME``, ``<<-NAME``, ``<<"NAME"``, several in one line."""

from __future__ import annotations

import re
from collections.abc import Callable

from jettison.dockerfile.model import Heredoc
from jettison.dockerfile.values import first_word, json_words, take_flags
from jettison.dockerfile.variables import raw_words, unquote
from jettison.errors import InvalidInput

_KEYWORDS = ("RUN", "COPY", "ADD")
_WORD = re.compile(r"\d*<<(-?)\s*([^<]+)")
_QUOTE = re.compile(r"[\"']")


def announced(text: str, escape: str) -> list[Heredoc]:
    """Those of a logical line, in their order, without their content."""
    keyword, value = first_word(text)
    if keyword.upper() == "ONBUILD":
        keyword, value = first_word(value)
    if "<<" not in value or keyword.upper() not in _KEYWORDS or _is_json(value, escape):
        return []
    return [heredoc for word in _words(raw_words, text) if (heredoc := read_word(word))]


def read_word(word: str) -> Heredoc | None:
    """The here-document that one word announces, without its content; ``None`` for any other word."""
    found = _WORD.fullmatch(word)
    names = _words(unquote, found[2]) if found else []
    if not found or len(names) != 1:
        return None
    quoted = len(_QUOTE.findall(names[0])) < len(_QUOTE.findall(found[2]))
    return Heredoc(names[0], "", expand=not quoted, strip_tabs=bool(found[1]))


def _words(how: Callable[[str], list[str]], text: str) -> list[str]:
    """No words where a quote or a brace is not closed: then nothing is announced."""
    try:
        return how(text)
    except InvalidInput:
        return []


def _is_json(value: str, escape: str) -> bool:
    try:
        return json_words(take_flags(value, escape)[1]) is not None
    except ValueError:
        return False
