"""From text to logical lines: directives, comments, continuations, here-documents. Nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jettison.dockerfile.heredocs import announced
from jettison.dockerfile.model import Heredoc, Trivia, locate

_DIRECTIVE = re.compile(r"\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*)")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: ``text`` joined and without comments, ``source`` as it was, ``number`` its first line."""

    text: str
    source: str
    number: int
    heredocs: tuple[Heredoc, ...] = ()


def directives(text: str, file: str) -> dict[str, str]:
    """The parser directives: comments ``# name=value`` before anything else. The first unknown name ends them."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        match = _DIRECTIVE.fullmatch(line)
        name = match[1].lower() if match else ""
        if not match or name not in _KNOWN_DIRECTIVES:
            break
        if name in found:
            raise locate(f"parser directive {name} stands here twice", line, number, file, match[1])
        value = match[2].rstrip()
        if name == "escape" and value not in ("\\", "`"):
            raise locate(f"escape must be \\ or `, not {value}", line, number, file, value)
        found[name] = value
    return found


def lines(text: str, escape: str, file: str) -> Iterator[Line | Trivia]:
    """Every logical line, and between them what is none; joined, their sources are ``text``."""
    return _Lexer(text, escape, file).run()


class _Lexer:
    def __init__(self, text: str, escape: str, file: str) -> None:
        self.file = file
        self.physical: list[str] = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.at = 0
        self.escape = escape

    def run(self) -> Iterator[Line | Trivia]:
        while self.at < len(self.physical):
            plain = self.line(self.at).strip()
            if plain and not plain.startswith("#"):
                yield self.logical()
            else:
                yield Trivia(self.physical[self.at])
                self.at += 1

    def line(self, at: int) -> str:
        """A physical line; the first one without a byte order mark."""
        return self.physical[at] if at else self.physical[at].removeprefix("\ufeff")

    def logical(self) -> Line:
        start = self.at
        parts: list[str] = []
        going = True
        while going and self.at < len(self.physical):
            content = self.line(self.at).rstrip("\r\n")
            self.at += 1
            if parts and (not content.strip() or content.lstrip().startswith("#")):
                continue  # within a continuation, comments and blank lines count as nothing
            part = content.rstrip(" \t").removesuffix(self.escape)
            going = content.rstrip(" \t") != part and not part.endswith(self.escape)
            parts.append(part if going else content)
        text = "".join(parts).strip()
        heredocs = tuple(self.read(heredoc, start) for heredoc in announced(text, self.escape))
        return Line(text, "".join(self.physical[start : self.at]), start + 1, heredocs)

    def read(self, heredoc: Heredoc, start: int) -> Heredoc:
        """With the content that follows, up to its name."""
        parts: list[str] = []
        while self.at < len(self.physical):
            raw = self.physical[self.at]
            self.at += 1
            line = raw.lstrip("\t") if heredoc.strip_tabs else raw
            if line.rstrip("\r\n") == heredoc.name:
                return replace(heredoc, content="".join(parts))
            parts.append(line)
        message = f"here-document {heredoc.name} does not end"
        raise locate(message, self.physical[start], start + 1, self.file, f"<<{'-' if heredoc.strip_tabs else ''}")
