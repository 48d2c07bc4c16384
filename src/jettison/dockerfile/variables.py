r"""Docker's word rules: ``$name`` and ``${name…}`` expanded, quotes and escapes removed, words split.

As in the reference, "Environment replacement", and BuildKit's ``shell`` lexer: single quotes keep all, double quotes
expand, the escape character takes the next one as it is (within double quotes only before ``"``, ``$`` and itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jettison.dockerfile.globs import replace, trim
from jettison.errors import InvalidInput

#: Letters, digits and underscores; or digits alone; or one of the shell's special parameters.
_NAME = re.compile(r"[^\W\d]\w*|\d+|[*#@?$!-]")
_OPERATOR = re.compile(r"\}|:?[-+?]|##?|%%?|//?")
_HEREDOC = re.compile(r"<<[\t\r ]*")
#: Characters that mean nothing, as many as there are; or one.
_PLAIN = re.compile(r"[\w\s.,:=-]+|.", re.DOTALL)
#: How deep ``${a:-${b:-…}}`` may go.
_DEPTH = 50


def expand(text: str, env: Mapping[str, str], escape: str = "\\") -> str:
    """``text`` as one word. Raises ``InvalidInput`` for a broken ``${`` and for ``${name:?message}``."""
    return "".join(piece for piece, _ in _Lexer(text, env, escape).pieces())


def expand_document(text: str, env: Mapping[str, str]) -> str:
    r"""The body of COPY's and ADD's here-documents: as ``expand``, but quotes are text. The escape is always ``\``."""
    return "".join(piece for piece, _ in _Lexer(text, env, "\\", quotes=False).pieces())


def split(text: str, env: Mapping[str, str], escape: str = "\\") -> list[str]:
    """``text`` as words: split at white space outside quotes, also at white space that a variable brought.

    A word without a character is none, even where it was quoted.
    """
    return _words(_Lexer(text, env, escape))


def raw_words(text: str) -> list[str]:
    """``text`` split as ``split`` does, with quotes, escapes and variables as they are written."""
    return _words(_Lexer(text, None, "\\", as_written=True))


def unquote(text: str) -> list[str]:
    """``text`` split as ``split`` does, with variables as they are written."""
    return _words(_Lexer(text, None, "\\"))


def _words(lexer: _Lexer) -> list[str]:
    words = [""]
    for piece, whole in lexer.pieces():
        for part in [piece] if whole else re.findall(r"\s+|\S+", piece):
            if part.isspace() and not whole:
                words.append("")
            else:
                words[-1] += part
    return [word for word in words if word]


class _Lexer:
    """Gives pieces, each with whether it is whole: white space in it separates no words.

    ``env`` ``None`` leaves variables as they are written; ``as_written`` leaves all.
    """

    def __init__(
        self, text: str, env: Mapping[str, str] | None, escape: str, *, quotes: bool = True, as_written: bool = False
    ) -> None:
        self.text, self.env, self.escape = text, env, escape
        self.quotes, self.as_written = quotes, as_written
        self.at = self.depth = 0
        #: Within a pattern, escapes stay for the pattern to read.
        self.keep_escapes = False

    def pieces(self) -> Iterator[tuple[str, bool]]:
        while self.at < len(self.text):
            yield self.piece()

    def piece(self) -> tuple[str, bool]:
        start = self.at
        piece, whole = self.read()
        return (self.text[start : self.at] if self.as_written else piece), whole

    def read(self) -> tuple[str, bool]:
        char = self.text[self.at]
        if char == "$":
            return self.variable(), False
        if char == "'" and self.quotes:
            return self.single(), True
        if char == '"' and self.quotes:
            return self.double(), True
        if arrows := self.take(_HEREDOC):
            return arrows, True
        if char == self.escape:
            piece = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            return (char if self.keep_escapes else "") + piece, True
        return self.take(_PLAIN), False

    def take(self, expected: re.Pattern[str]) -> str:
        """What matches here, passed over; ``""`` for nothing."""
        found = expected.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def error(self, reason: str) -> InvalidInput:
        return InvalidInput(f"cannot read {self.text[:200]!r}: {reason}")

    def single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise self.error("a single quote is not closed")
        piece, self.at = self.text[self.at + 1 : end], end + 1
        return piece

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
                parts.append((char if self.keep_escapes else "") + following)
                self.at += 2
            else:
                parts.append(char)
                self.at += 1
        raise self.error("a double quote is not closed")

    def variable(self) -> str:
        start = self.at
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.error(f"variables within variables, {_DEPTH} deep")
        value = self.value()
        self.depth -= 1
        return self.text[start : self.at] if self.env is None else value

    def value(self) -> str:
        self.at += 1
        braces = self.text.startswith("{", self.at)
        self.at += braces
        if braces and self.text[self.at : self.at + 1] in ("", "{", "}", ":"):
            raise self.error("${ is not followed by a name")
        name = self.take(_NAME)
        if braces:
            return self.modified(name)
        return self.get(name) or "" if name else "$"

    def get(self, name: str) -> str | None:
        return self.env.get(name) if self.env is not None else None

    def modified(self, name: str) -> str:
        operator, value = self.take(_OPERATOR), self.get(name)
        if not operator:
            raise self.error(f"${{{name} has a modifier that Docker does not know")
        if operator == "}":
            return value or ""
        if operator[0] == "/":
            pattern, replacement = self.word("/", escapes=True), self.word("}", escapes=True)
            return replace(value or "", pattern, replacement, everywhere=operator == "//")
        word = self.word("}", escapes=operator[0] in "#%")
        if operator[0] in "#%":
            return trim(value or "", word, operator)
        return self.chosen(name, operator, word)

    def word(self, end: str, *, escapes: bool) -> str:
        """Up to ``end``, expanded; ``end`` is passed over."""
        outer, self.keep_escapes = self.keep_escapes, escapes
        parts: list[str] = []
        while not self.text.startswith(end, self.at):
            if self.at >= len(self.text):
                raise self.error(f"${{ is not closed: there is no {end}")
            parts.append(self.piece()[0])
        self.at += 1
        self.keep_escapes = outer
        return "".join(parts)

    def chosen(self, name: str, operator: str, word: str) -> str:
        value = self.get(name)
        there = value is not None and (not operator.startswith(":") or value != "")
        if operator[-1] == "+":
            return word if there else ""
        if there:
            return value or ""
        if operator[-1] == "?" and self.env is not None:
            raise InvalidInput(f"cannot expand ${{{name}}}: {word or 'it is not set'}")
        return word
