r"""Docker's word rules: ``$name`` and ``${name…}`` expanded, quotes and escapes removed, words split.

As in the reference, "Environment replacement", and BuildKit's ``shell`` lexer: single quotes keep all, double quotes
expand, the escape character takes the next one as it is (within double quotes only before ``"``, ``$`` and itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from jettison.errors import InvalidInput

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[*#@?$!-]")
#: How deep ``${a:-${b:-…}}`` may go.
_DEPTH = 50
_OPERATOR = re.compile(r"\}|:?[-+?]|##?|%%?|//?")


def expand(text: str, env: Mapping[str, str], escape: str = "\\") -> str:
    """``text`` as one word. Raises ``InvalidInput`` for a broken ``${`` and for ``${name:?message}``."""
    return _text(_Lexer(text, env, escape).pieces())


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


def _text(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(piece for piece, _ in pieces)


class _Lexer:
    """Gives pieces with whether they were quoted."""

    def __init__(self, text: str, env: Mapping[str, str], escape: str) -> None:
        self.text, self.env, self.escape = text, env, escape
        self.at = self.depth = 0

    def pieces(self) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        while self.at < len(self.text):
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
        self.depth += 1
        if self.depth > _DEPTH:
            raise InvalidInput(f"cannot read {self.text[:80]!r}: variables within variables, {_DEPTH} deep")
        value = self.value()
        self.depth -= 1
        return value

    def value(self) -> str:
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
            replacement = _text(self.word("}"))
            return _replace(self.env.get(name, ""), pattern, replacement, everywhere=operator[0] == "//")
        word = self.word("}")
        if operator[0][0] in "#%":
            return _trim(self.env.get(name, ""), word, operator[0])
        return self.chosen(name, operator[0], _text(word))

    def word(self, end: str) -> list[tuple[str, bool]]:
        """Up to ``end``, expanded; ``end`` is passed over."""
        parts: list[tuple[str, bool]] = []
        while self.at < len(self.text) and self.text[self.at] not in (end, "}"):
            parts.append(self.piece())
        if self.at >= len(self.text):
            raise InvalidInput(f"cannot read {self.text!r}: ${{ is not closed")
        if self.text[self.at] == end:
            self.at += 1
        return parts

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


def _expression(glob: Iterable[tuple[str, bool]], any_: str = ".*") -> str:
    """A regular expression of pieces: ``*`` and ``?`` where they are not quoted, all else as it stands."""
    wild = {"*": any_, "?": "."}
    return "".join(
        re.escape(piece) if quoted else "".join(wild.get(char) or re.escape(char) for char in piece)
        for piece, quoted in glob
    )


def _trim(value: str, glob: list[tuple[str, bool]], operator: str) -> str:
    """``#`` ``##`` from the front, ``%`` ``%%`` from the end, shortest or longest match."""
    expression = _expression(glob, ".*" if len(operator) == 2 else ".*?")
    if operator[0] == "#":
        found = re.match(expression, value, re.DOTALL)
        return value[found.end() :] if found else value
    whole = re.compile(expression, re.DOTALL)
    starts = range(len(value) + 1) if len(operator) == 2 else range(len(value), -1, -1)
    return next((value[:start] for start in starts if whole.fullmatch(value, start)), value)


def _replace(value: str, glob: list[tuple[str, bool]], replacement: str, *, everywhere: bool) -> str:
    """The first match, as long as it can be, or every one."""
    return re.sub(_expression(glob), lambda _: replacement, value, count=0 if everywhere else 1, flags=re.DOTALL)
