"""Patterns of ``${name#pattern}`` and ``${name/pattern/text}``: ``*`` any text, ``?`` one character, no classes."""

from __future__ import annotations

import re

from jettison.errors import InvalidInput

_STAR = "*"


def trim(value: str, pattern: str, operator: str) -> str:
    """Without what matches: ``#`` at its start, ``%`` at its end, once for the shortest, twice for the longest."""
    longest = len(operator) == 2
    if operator[0] == "#":
        return _cut(value, _tokens(pattern), longest=longest)
    return _cut(value[::-1], _tokens(pattern)[::-1], longest=longest)[::-1]


def replace(value: str, pattern: str, replacement: str, *, everywhere: bool) -> str:
    """With ``replacement`` for the first match, as long as it can be, or for every one."""
    expression = _expression(_tokens(pattern), longest=True)
    return re.sub(expression, lambda _: replacement, value, count=0 if everywhere else 1)


def _cut(value: str, tokens: list[str], *, longest: bool) -> str:
    found = re.match(_expression(tokens, longest=longest), value)
    return value[found.end() :] if found else value


def _tokens(pattern: str) -> list[str]:
    r"""One expression for each character of the pattern. ``\`` may stand before ``* ? \ } /`` alone."""
    tokens = []
    characters = iter(pattern)
    for char in characters:
        if char == "\\":
            char = next(characters, "")
            if char not in ("*", "?", "\\", "}", "/"):
                raise InvalidInput(f"cannot read the pattern {pattern!r}: \\{char} stands for nothing")
            tokens.append(re.escape(char))
        else:
            tokens.append({"*": _STAR, "?": "."}.get(char) or re.escape(char))
    return tokens


def _expression(tokens: list[str], *, longest: bool) -> str:
    """A regular expression that takes no more than quadratic time.

    What follows a star is taken where it first comes, and that is never reconsidered: only where the last star
    ends decides on the length of the match.
    """
    first, *rest = _segments(tokens)
    if not rest:
        return first
    *middle, last = rest
    star = ".*" if longest else ".*?"
    return first + "".join(f"(?>.*?{segment})" for segment in middle) + star + last


def _segments(tokens: list[str]) -> list[str]:
    segments = [""]
    for token in tokens:
        if token == _STAR:
            segments.append("")
        else:
            segments[-1] += token
    return segments
