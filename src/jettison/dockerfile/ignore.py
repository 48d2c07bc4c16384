""".dockerignore, with the semantics of Docker's reference (".dockerignore file") and moby's patternmatcher.

Patterns are matched against the path and each of its parents; the last pattern that matches decides; ``!`` takes
paths back in. Where the reference and what Docker sends are not the same, it is what Docker sends: it walks from the
top, as ``Ignore.matches`` does.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from jettison.errors import InvalidInput

_WILD = re.compile(r"[*?\[\\]")
#: What follows ``[``: perhaps ``^``, then characters and ranges, ``]`` and ``\\`` only behind a backslash.
_CLASS = re.compile(r"(\^?+)((?:\\.|[^\]\\-](?:-(?:\\.|[^\]\\-]))?)+)\]", re.DOTALL)


@dataclass(frozen=True)
class Ignore:
    """Compiled patterns, in order: the expression, and whether it is an exception (``!``).

    ``exceptions`` are the texts of the exceptions alone.
    """

    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()
    exceptions: tuple[str, ...] = ()

    def matches(self, path: str) -> bool:
        """Whether ``path`` (relative, with ``/``) is ignored."""
        return self._match(path, self._above(path))[0]

    def may_except_below(self, directory: str) -> bool:
        """Whether something below an ignored directory may still count."""
        parts = directory.split("/")
        return any(_may_be_below(exception.split("/"), parts) for exception in self.exceptions)

    def _match(self, path: str, above: tuple[bool, ...]) -> tuple[bool, tuple[bool, ...]]:
        """Whether it is ignored, and for each pattern whether it was found to match ``path`` or what is above it.

        A pattern that could change nothing is not tried, and for what is below it counts as one that does not match.
        """
        ignored = False
        hits: list[bool] = []
        for (pattern, exception), inherited in zip(self.patterns, above, strict=True):
            hit = inherited or (exception == ignored and pattern.fullmatch(path) is not None)
            if hit:
                ignored = not exception
            hits.append(hit)
        return ignored, tuple(hits)

    def _above(self, path: str) -> tuple[bool, ...]:
        """What ``_match`` found for the directory that ``path`` is in."""
        directory = path.rpartition("/")[0]
        unknown: list[str] = []
        while directory not in self._known:
            unknown.append(directory)
            directory = directory.rpartition("/")[0]
        hits = self._known[directory]
        for directory in reversed(unknown):
            hits = self._known[directory] = self._match(directory, hits)[1]
        return hits

    @cached_property
    def _known(self) -> dict[str, tuple[bool, ...]]:
        return {"": (False,) * len(self.patterns)}


def _may_be_below(pattern: list[str], directory: list[str]) -> bool:
    for wanted, part in zip(pattern, directory, strict=False):
        if "**" in wanted or "[" in wanted:  # a class may match a slash
            return True
        if not compile_pattern(wanted).fullmatch(part):
            return False
    return len(pattern) > len(directory)


def read(text: str) -> Ignore:
    """Read the text of a ``.dockerignore``. Raises ``InvalidInput`` for a pattern that is none."""
    found: list[tuple[re.Pattern[str], bool]] = []
    exceptions: list[str] = []
    for line in text.removeprefix("\ufeff").split("\n"):
        plain = line.strip()
        if not plain or line.startswith("#"):
            continue
        exception = plain.startswith("!")
        plain = plain[exception:].strip()
        if not plain:
            raise InvalidInput("cannot read .dockerignore: nothing follows an exclamation mark")
        pattern = posixpath.normpath(plain).lstrip("/").strip()
        found.append((compile_pattern(pattern), exception))
        if exception:
            exceptions.append(pattern)
    return Ignore(tuple(found), tuple(exceptions))


@lru_cache(maxsize=1000)
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
    return f"[{found[1]}{inner}]", found.end()
