"""From text to logical lines: directives, comments, continuations, here-documents. Nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile.model import Heredoc, Trivia, locate

#: Instructions that may have here-documents.
HEREDOC_KEYWORDS = ("RUN", "COPY", "ADD")
_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)[ \t]*\r?")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC = re.compile(r"^\d*<<(-?)(?:\"([^<\"]+)\"|'([^<']+)'|([^<\s\"']+))$")
_WORD = re.compile(r"(?:\"(?:\\.|[^\"])*\"|'[^']*'|[^\s\"'])+")


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
        if name == "escape" and match[2] not in ("\\", "`"):
            raise locate(f"escape must be \\ or `, not {match[2]}", line, number, file, match[2])
        found[name] = match[2]
    return found


def lines(text: str, escape: str, file: str) -> Iterator[Line | Trivia]:
    """Every logical line, and between them what is none; joined, their sources are ``text``."""
    return _Lexer(text, escape, file).run()


class _Lexer:
    def __init__(self, text: str, escape: str, file: str) -> None:
        self.file = file
        self.physical = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.at = 0
        self.escape = escape

    def run(self) -> Iterator[Line | Trivia]:
        while self.at < len(self.physical):
            plain = self.physical[self.at].removeprefix("\ufeff").strip()
            if plain and not plain.startswith("#"):
                yield self.logical()
            else:
                yield Trivia(self.physical[self.at])
                self.at += 1

    def logical(self) -> Line:
        start = self.at
        parts: list[str] = []
        going = True
        while going and self.at < len(self.physical):
            content = self.physical[self.at].rstrip("\r\n")
            self.at += 1
            if parts and (not content.strip() or content.lstrip().startswith("#")):
                continue  # within a continuation, comments and blank lines count as nothing
            part = content.rstrip(" \t").removesuffix(self.escape)
            going = content.rstrip(" \t") != part and not part.endswith(self.escape)
            parts.append(part if going else content)
        text = "".join(parts).removeprefix("\ufeff").strip()
        heredocs = tuple(self.heredocs(text, start))
        return Line(text, "".join(self.physical[start : self.at]), start + 1, heredocs)

    def heredocs(self, text: str, start: int) -> Iterator[Heredoc]:
        words = text.split(None, 2)
        keyword = words[0].upper() if words else ""
        if keyword == "ONBUILD" and len(words) > 1:
            keyword = words[1].upper()
        if keyword not in HEREDOC_KEYWORDS or "<<" not in text:
            return
        for word in _WORD.findall(text):
            found = _HEREDOC.match(word)
            if found:
                name = found[2] or found[3] or found[4]
                content = self.body(name, bool(found[1]), start)
                yield Heredoc(name, content, expand=found[4] is not None, strip_tabs=bool(found[1]))

    def body(self, name: str, strip: bool, start: int) -> str:
        parts: list[str] = []
        while self.at < len(self.physical):
            raw = self.physical[self.at]
            self.at += 1
            line = raw.lstrip("\t") if strip else raw
            if line.rstrip("\r\n") == name:
                return "".join(parts)
            parts.append(line)
        source = self.physical[start]
        raise locate(f"here-document {name} does not end", source, start + 1, self.file, f"<<{'-' if strip else ''}")
