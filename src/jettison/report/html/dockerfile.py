"""The difference between two Dockerfiles, line by line, with the words of the language marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_INSTRUCTION = re.compile(
    r"^\s*(FROM|RUN|COPY|ADD|CMD|ENTRYPOINT|ENV|ARG|LABEL|EXPOSE|WORKDIR|USER|VOLUME|SHELL|HEALTHCHECK|STOPSIGNAL"
    r"|ONBUILD|MAINTAINER)\b",
    re.IGNORECASE,
)
_CLASSES = {" ": "same", "+": "added", "-": "removed", "@": "place"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what became of it (same, added, removed, place), and its text in three parts."""

    what: str
    mark: str
    before: str
    word: str
    after: str


def lines(old: str, new: str) -> Iterator[Line]:
    """A unified difference; all lines are there, since Dockerfiles are short."""
    for text in list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=10_000))[3:]:
        mark, rest = text[:1], text[1:]
        found = _INSTRUCTION.match(rest)
        if rest.lstrip().startswith("#"):
            yield Line(f"{_CLASSES[mark]} comment", mark, rest, "", "")
        elif found:
            yield Line(_CLASSES[mark], mark, rest[: found.start(1)], found[1], rest[found.end(1) :])
        else:
            yield Line(_CLASSES[mark], mark, rest, "", "")
