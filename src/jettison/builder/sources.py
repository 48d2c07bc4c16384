"""What COPY and ADD take: paths of a context, a stage or an image, found without ever leaving it."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile.context import Context, clean
from jettison.dockerfile.ignore import Ignore, compile_pattern
from jettison.runtime.users import inside_root

_WILD = re.compile(r"[*?\[\\]")


@dataclass(frozen=True, slots=True)
class Source:
    """One path to copy. ``name`` is how it was found, ``path`` where it is with symlinks followed; both relative."""

    context: Context
    name: str
    path: str

    @property
    def outside(self) -> str:
        """Where it is on this machine."""
        return os.path.join(self.context.directory, self.path)

    @property
    def is_directory(self) -> bool:
        """Whether its content is what is copied."""
        return os.path.isdir(self.outside)


def find(context: Context, pattern: str) -> tuple[Source, ...]:
    """What one word names: Go's ``filepath.Match`` in each component; symlinks lead where a container would go."""
    names = sorted(set(_find(context, "", clean(pattern).split("/"))))
    found = []
    for name in names:
        path = _resolve(context, name)
        if context.has(name) and context.has(path) and os.path.lexists(os.path.join(context.directory, path)):
            found.append(Source(context, name, path))
    return tuple(found)


def is_wild(pattern: str) -> bool:
    """Whether a word may name any number of paths."""
    return _WILD.search(pattern) is not None


def _find(context: Context, here: str, parts: list[str]) -> Iterator[str]:
    if not parts or parts == [""]:
        yield here
        return
    first, rest = parts[0], parts[1:]
    for name in _names(context, here, first) if is_wild(first) else [first]:
        path = posixpath.join(here, name)
        if os.path.lexists(os.path.join(context.directory, _resolve(context, path))):
            yield from _find(context, path, rest)


def _names(context: Context, here: str, pattern: str) -> list[str]:
    match = compile_pattern(pattern.replace("**", "*"))
    try:
        names = os.listdir(os.path.join(context.directory, _resolve(context, here)))
    except OSError:
        return []
    return sorted(name for name in names if match.fullmatch(name) and context.has(posixpath.join(here, name)))


def _resolve(context: Context, path: str) -> str:
    outside = inside_root(context.directory, path)
    return outside.removeprefix(str(context.directory)).lstrip("/")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which paths below one source are copied: those that the context has, minus ``exclude``."""

    source: Source
    exclude: Ignore

    def has(self, inside: str) -> bool:
        """``inside`` is relative to the source, ``""`` the source itself."""
        if inside and self.exclude.matches(inside):
            return False
        return self.source.context.has(posixpath.join(self.source.path, inside) if inside else self.source.path)

    @property
    def takes_all(self) -> bool:
        """Whether nothing can be left out, so that nobody needs to ask."""
        return not self.exclude.patterns and not self.source.context.ignore.patterns


def digest(selection: Selection) -> str:
    """A hash over all that is copied: names, kinds, modes, content; what is excluded counts by its pattern."""
    source = selection.source
    excluded = [(pattern.pattern, exception) for pattern, exception in selection.exclude.patterns]
    return f"{source.name} {source.context.digest(source.path)} {excluded}"
