""".dockerignore, with the semantics of Docker's reference (".dockerignore file") and moby's patternmatcher.

Patterns are matched against the path and each of its parents; the last pattern that matches decides; ``!`` takes
paths back in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from jettison.errors import InvalidInput


@dataclass(frozen=True)
class Ignore:
    """Compiled patterns, in order: the expression, and whether it is an exception (``!``)."""

    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()

    @cached_property
    def has_exceptions(self) -> bool:
        """Whether something below an ignored directory may still count."""
        return any(exception for _, exception in self.patterns)

    def matches(self, path: str) -> bool:
        """Whether ``path`` (relative, with ``/``) is ignored."""
        ignored = False
        parents = _with_parents(path)
        for pattern, exception in self.patterns:
            if exception == ignored and any(pattern.fullmatch(part) for part in parents):
                ignored = not exception
        return ignored


def _with_parents(path: str) -> tuple[str, ...]:
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))


def read(text: str) -> Ignore:
    """Read the text of a ``.dockerignore``. Raises ``InvalidInput`` for a pattern that is none."""
    found = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.startswith("#"):
            continue
        pattern = line.strip()
        if not pattern:
            continue
        exception = pattern.startswith("!")
        pattern = pattern[1:].strip() if exception else pattern
        cleaned = posixpath.normpath(pattern).lstrip("/") if pattern else ""
        if not cleaned or (cleaned == "." and not exception):
            continue
        if cleaned.startswith("../"):
            continue  # nothing in the context can match
        found.append((_compile(cleaned), exception))
    return Ignore(tuple(found))


def compile_patterns(patterns: Iterable[str]) -> Ignore:
    """The same rules for patterns from elsewhere (``COPY --exclude``)."""
    return read("\n".join(patterns))


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(expression(pattern), re.DOTALL)
    except re.error as error:
        raise InvalidInput(f"cannot read .dockerignore: {pattern!r} is no pattern ({error})") from error


def expression(pattern: str) -> str:
    """A regular expression: ``**`` any number of directories, ``*`` and ``?`` within one, ``[a-z]`` and ``[^a]``."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if pattern.startswith("**", at - 1):
            at += 1
            slash = pattern.startswith("/", at)
            at += slash
            parts.append(".*" if at >= len(pattern) else "(?:.*/)?")
        elif char == "*":
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "\\" and at < len(pattern):
            parts.append(re.escape(pattern[at]))
            at += 1
        elif char == "[" and (end := _class_end(pattern, at)) > 0:
            parts.append(_class(pattern[at:end]))
            at = end + 1
        else:
            parts.append(re.escape(char))
    return "".join(parts)


def _class_end(pattern: str, at: int) -> int:
    start = at + 1 if pattern.startswith("^", at) else at
    return pattern.find("]", start + 1) if pattern.startswith("]", start) else pattern.find("]", start)


def _class(inner: str) -> str:
    negated = inner.startswith("^")
    body = re.sub(r"([\[&~|])", r"\\\1", inner.removeprefix("^"))
    return f"(?!/)[{'^' if negated else ''}{body}]"
