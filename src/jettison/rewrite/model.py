"""What a rule finds, and what it proposes. All positions are character offsets in the Dockerfile's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jettison.rewrite.sheet import Sheet


class Severity(StrEnum):
    """How much a finding matters, worst first; the words are hadolint's."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    STYLE = "style"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return tuple(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in place of what stands from ``start`` up to ``end``; where both are equal, insert it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Saving:
    """What a change saves on disk. ``bytes`` is ``None`` where nobody can say; ``basis`` says where it is from."""

    bytes: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a Dockerfile that should be otherwise, in one sentence.

    ``edits``, together, mend it; there are none where nobody can know how. ``safe`` says that they change nothing
    else of what the image does; others must be proved by a build and its probes.
    """

    rule: str
    severity: Severity
    message: str
    start: int
    end: int
    saving: Saving | None = None
    edits: tuple[Edit, ...] = ()
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Lines and columns from 1; the end is the first position behind."""

    line: int
    column: int
    end_line: int
    end_column: int


class Rule(Protocol):
    """One rule. ``summary`` is one sentence; ``also`` the names that others give it: ``hadolint DL3009``, ….

    ``name`` is that of its page in ``docs/rules``, in words joined by hyphens.
    """

    @property
    def name(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def summary(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Everything that it finds, in any order."""
        ...
