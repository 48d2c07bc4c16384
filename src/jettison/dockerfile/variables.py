r"""Docker's word rules: ``$name`` and ``${name…}`` expanded, quotes and escapes removed, words split.

As in the reference, "Environment replacement", and BuildKit's ``shell`` lexer: single quotes keep all, double quotes
expand, the escape character takes the next one as it is (within double quotes only before ``"``, ``$`` and itself).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate

from jettison.errors import InvalidInput

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[*#@?$!-]")
_OPERATOR = re.compile(r"\}|:?[-+?]|##?|%%?|//?")


def expand(text: str, env: Mapping[str, str], escape: str = "\\") -> str:
    """``text`` as one word. Raises ``InvalidInput`` for a broken ``${`` and for ``${name:?message}``."""
    return "".join(word for word, _ in _Lexer(text, env, escape).pieces())


def split(text: str, env: Mapping[str, str], escape: str = "\\") -> list[str]:
    """``text`` as words: split at white space outside quotes, also at white space that a variable brought."""
    words: list[str] = []
    current: str | None = None
    for piece, quoted in _Lexer(text, env, escape).pieces():
        if quoted:
            current = (current or "") + piece
            continue
        for part in re.findall(r"\s+|\S+", piece):
            if not part.isspace():
                current = (current or "") + part
            elif current is not None:
                words.append(current)
                current = None
    return words if current is None else [*words, current]


class _Lexer:
    """Gives pieces with whether they were quoted."""

    def __init__(self, text: str, env: Mapping[str, str], escape: str) -> None:
        self.text, self.env, self.escape = text, env, escape
        self.at = 0

    def pieces(self, until: str = "") -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        while self.at < len(self.text) and (not until or self.text[self.at] != until):
            found.append(self.piece())
        return found

    def piece(self) -> tuple[str, bool]:
        char = self.text[self.at]
        if char == "'":
            end = self.text.find("'", self.at + 1)
            if end < 0:
                raise InvalidInput(f"cannot read {self.text!r}: a single quote is not closed")
            piece, self.at = self.text[self.at + 1 : end], end + 1
            return piece, True
        if char == '"':
            return self.double(), True
        if char == "$":
            return self.variable(), False
        if char == self.escape:
            piece = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            return piece, True
        self.at += 1
        return char, False

    def double(self) -> str:
        self.at += 1
        parts: list[str] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            following = self.text[self.at + 1 : self.at + 2]
            if char == '"':
                self.at += 1
                return "".join(parts)
            if char == "$":
                parts.append(self.variable())
            elif char == self.escape and following and following in f'"${self.escape}':
                parts.append(following)
                self.at += 2
            else:
                parts.append(char)
                self.at += 1
        raise InvalidInput(f"cannot read {self.text!r}: a double quote is not closed")

    def variable(self) -> str:
        self.at += 1
        if self.text[self.at : self.at + 1] != "{":
            found = _NAME.match(self.text, self.at)
            if not found:
                return "$"
            self.at = found.end()
            return self.env.get(found[0], "")
        self.at += 1
        found = _NAME.match(self.text, self.at)
        if not found:
            raise InvalidInput(f"cannot read {self.text!r}: ${{ is not followed by a name")
        self.at = found.end()
        return self.modified(found[0])

    def modified(self, name: str) -> str:
        operator = _OPERATOR.match(self.text, self.at)
        if not operator:
            raise InvalidInput(f"cannot read {self.text!r}: ${{{name} has a modifier that Docker does not know")
        self.at = operator.end()
        if operator[0] == "}":
            return self.env.get(name, "")
        if operator[0] in ("/", "//"):
            pattern = self.word("/")
            replacement = self.word("}")
            return _replace(self.env.get(name, ""), pattern, replacement, everywhere=operator[0] == "//")
        word = self.word("}")
        if operator[0][0] in "#%":
            return _trim(self.env.get(name, ""), word, operator[0])
        return self.chosen(name, operator[0], word)

    def word(self, end: str) -> str:
        """Up to ``end``, expanded; ``end`` is passed over."""
        parts: list[str] = []
        while self.at < len(self.text) and self.text[self.at] not in (end, "}"):
            parts.append(self.piece()[0])
        if self.at >= len(self.text):
            raise InvalidInput(f"cannot read {self.text!r}: ${{ is not closed")
        if self.text[self.at] == end:
            self.at += 1
        return "".join(parts)

    def chosen(self, name: str, operator: str, word: str) -> str:
        value = self.env.get(name)
        there = value is not None and (not operator.startswith(":") or value != "")
        if operator[-1] == "+":
            return word if there else ""
        if there:
            return value or ""
        if operator[-1] == "?":
            raise InvalidInput(f"cannot expand ${{{name}}}: {word or 'it is not set'}")
        return word


def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob), re.DOTALL)


def _trim(value: str, glob: str, operator: str) -> str:
    """``#`` ``##`` from the front, ``%`` ``%%`` from the end, shortest or longest match."""
    pattern = _pattern(glob)
    lengths = range(len(value) + 1) if len(operator) == 1 else range(len(value), -1, -1)
    for length in lengths:
        cut = len(value) - length
        if operator[0] == "#" and pattern.fullmatch(value[:length]):
            return value[length:]
        if operator[0] == "%" and pattern.fullmatch(value[cut:]):
            return value[:cut]
    return value


def _replace(value: str, glob: str, replacement: str, *, everywhere: bool) -> str:
    # fnmatch anchors at the end; a replacement matches anywhere, as long as it can.
    inner = translate(glob).removeprefix("(?s:").removesuffix(")\\Z").removesuffix(")\\z")
    return re.sub(inner, lambda _: replacement, value, count=0 if everywhere else 1, flags=re.DOTALL)
