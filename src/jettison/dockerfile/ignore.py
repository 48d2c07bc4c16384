""".dockerignore, with the semantics of Docker's reference (".dockerignore file") and moby's patternmatcher.

Patterns are matched against the path and each of its parents; the last pattern that matches decides; ``!`` takes
paths back in.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from jettison.errors import InvalidInput

_WILD = re.compile(r"[*?\[\\]")
#: What follows ``[``: perhaps ``^``, then characters and ranges, ``]`` and ``\\`` only behind a backslash.
_CLASS = re.compile(r"(\^?+)((?:\\.|[^\]\\-](?:-(?:\\.|[^\]\\-]))?)+)\]", re.DOTALL)


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
    for line in text.removeprefix("\ufeff").split("\n"):
        if line.startswith("#"):
            continue
        pattern = line.strip()
        if not pattern:
            continue
        exception = pattern.startswith("!")
        pattern = pattern[1:].strip() if exception else pattern
        if not pattern:
            raise InvalidInput("cannot read .dockerignore: nothing follows an exclamation mark")
        found.append((compile_pattern(posixpath.normpath(pattern).lstrip("/")), exception))
    return Ignore(tuple(found))


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern as a compiled regular expression. Raises ``InvalidInput`` where Go's ``filepath.Match`` would."""
    try:
        return re.compile(_expression(pattern), re.DOTALL)
    except (re.error, ValueError) as error:
        raise InvalidInput(f"cannot read the pattern {pattern!r}: {error}") from error


def _expression(pattern: str) -> str:
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
            # Docker compares a pattern that is ``**`` and a plain text with the end of the path.
            suffix = at == 2 and not slash and not _WILD.search(pattern, at)
            parts.append(".*" if at >= len(pattern) or suffix else "(?:.*/)?")
        elif char == "*":
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "\\":
            if at == len(pattern):
                raise ValueError("nothing follows its last backslash")
            parts.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            part, at = _class(pattern, at)
            parts.append(part)
        else:
            parts.append(re.escape(char))
    return "".join(parts)


def _class(pattern: str, at: int) -> tuple[str, int]:
    """The expression of the class whose ``[`` stands before ``at``, and where it ends."""
    found = _CLASS.match(pattern, at)
    if not found:
        raise ValueError("a [ is not closed, or nothing stands in it")
    inner = re.sub(r"\\(.)|([^-])", lambda one: re.escape(one[1] or one[2]), found[2], flags=re.DOTALL)
    return f"(?!/)[{found[1]}{inner}]", found.end()
