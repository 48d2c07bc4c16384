"""A Dockerfile as data: pieces of source text, of which the instructions have a typed payload."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jettison.errors import DockerfileError


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: ``expand`` where its word was not quoted; ``content`` with tabs stripped for ``<<-``."""

    name: str
    content: str
    expand: bool
    strip_tabs: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """What RUN, CMD, ENTRYPOINT and HEALTHCHECK run: ``words`` in exec form, else ``text`` for the shell."""

    text: str = ""
    words: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """``RUN --mount``: its type and its other keys as they were written."""

    type: str
    options: Mapping[str, str] = field(default_factory=dict)

    def get(self, *names: str) -> str | None:
        """The first of these keys that was given."""
        return next((self.options[name] for name in names if name in self.options), None)


@dataclass(frozen=True, slots=True)
class From:
    """``FROM``; ``alias`` is the stage's name, ``""`` for none."""

    image: str
    alias: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """``RUN``."""

    command: Command
    mounts: tuple[Mount, ...] = ()
    network: str = ""
    security: str = ""
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """``COPY``, and ``ADD`` with ``add``. Words are raw: variables are not expanded yet."""

    sources: tuple[str, ...]
    destination: str
    add: bool = False
    from_: str = ""
    chown: str = ""
    chmod: str = ""
    link: bool = False
    parents: bool = False
    exclude: tuple[str, ...] = ()
    checksum: str = ""
    keep_git_dir: bool = False
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """``ENV`` and ``LABEL``: names and raw values, in order."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Arg:
    """``ARG``: names with raw defaults; ``None`` is no default."""

    pairs: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """``EXPOSE`` and ``VOLUME``: raw words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """``USER``, ``WORKDIR``, ``STOPSIGNAL``, ``MAINTAINER``: one raw value."""

    text: str


@dataclass(frozen=True, slots=True)
class ShellWords:
    """``SHELL``."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """``HEALTHCHECK``; ``command`` ``None`` is ``NONE``. Durations in nanoseconds, 0 where not given."""

    command: Command | None
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class OnBuild:
    """``ONBUILD``: the trigger, parsed, and as it was written."""

    trigger: Instruction
    text: str


Payload: TypeAlias = "From | Run | Copy | Pairs | Arg | Words | Text | ShellWords | Health | OnBuild | Command"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``keyword`` is in upper case; ``source`` its text with the line ends, ``line`` its first line.

    ``value`` is what follows the keyword on the logical line, with flags, continuations joined, comments gone.
    """

    keyword: str
    value: str
    payload: Payload
    source: str
    line: int
    file: str = "Dockerfile"

    @property
    def column(self) -> int:
        """Where the keyword begins in its first line, from 1."""
        text = self.source.removeprefix("\ufeff")
        return len(text) - len(text.lstrip()) + 1

    @property
    def end_line(self) -> int:
        """Its last line, with here-documents."""
        return self.line + self.source.removesuffix("\n").count("\n")

    def error(self, message: str, token: str = "") -> DockerfileError:
        """An error at ``token`` within this instruction (at its start where the token is not found)."""
        return locate(message, self.source, self.line, self.file, token)


@dataclass(frozen=True, slots=True)
class Trivia:
    """What is no instruction: blank lines, comments, parser directives."""

    source: str


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """Pieces in their order. ``directives`` are the parser directives (``syntax``, ``escape``, ``check``)."""

    pieces: tuple[Instruction | Trivia, ...]
    directives: Mapping[str, str] = field(default_factory=dict)
    file: str = "Dockerfile"

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """Only the instructions."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Instruction))

    @property
    def escape(self) -> str:
        r"""The escape character: ``\`` or a backtick."""
        return self.directives.get("escape", "\\")


def render(dockerfile: Dockerfile) -> str:
    """The text, to the last byte as it was parsed."""
    return "".join(piece.source for piece in dockerfile.pieces)


def locate(message: str, source: str, line: int, file: str, token: str = "") -> DockerfileError:
    """An error whose caret stands below ``token`` in ``source``, which begins at ``line``."""
    lines = source.removeprefix("\ufeff").split("\n")
    # As a word of its own, if it is one anywhere; comments between continued lines are not looked at.
    for pattern in (rf"(?<!\S){re.escape(token)}(?![\w-])", re.escape(token)) if token else ():
        for offset, text in enumerate(lines):
            found = re.search(pattern, text)
            if found and not (offset and text.lstrip().startswith("#")):
                return DockerfileError(
                    message, line=line + offset, column=found.start() + 1, source=text.rstrip("\r"), file=file
                )
    indent = len(lines[0]) - len(lines[0].lstrip())
    return DockerfileError(message, line=line, column=indent + 1, source=lines[0].rstrip("\r"), file=file)
