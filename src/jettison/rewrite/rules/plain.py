"""Rules that are no more than a name and a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jettison.dockerfile import Instruction
from jettison.rewrite.model import Edit, Finding, Saving, Severity
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Word


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a rule is about, in offsets; ``message`` where the rule's summary does not say it all."""

    start: int
    end: int
    message: str = ""
    edits: tuple[Edit, ...] = ()
    safe: bool = True
    saving: Saving | None = None


Find: TypeAlias = Callable[[Sheet], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Plain:
    """A rule: ``find`` gives the places."""

    name: str
    severity: Severity
    summary: str
    also: tuple[str, ...]
    find: Find

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """A finding for each place."""
        for hit in self.find(sheet):
            message = hit.message or self.summary
            yield Finding(self.name, self.severity, message, hit.start, hit.end, hit.saving, hit.edits, hit.safe)


def at(
    place: Command | Word,
    message: str = "",
    edits: tuple[Edit, ...] = (),
    *,
    safe: bool = True,
    saving: Saving | None = None,
) -> Hit:
    """A hit on a command or one of its words."""
    return Hit(place.start, place.end, message, edits, safe, saving)


def on(
    sheet: Sheet, instruction: Instruction, message: str = "", edits: tuple[Edit, ...] = (), *, safe: bool = True
) -> Hit:
    """A hit on a whole instruction."""
    return Hit(*sheet.bounds(instruction), message, edits, safe)


def within(sheet: Sheet, instruction: Instruction, token: str, message: str = "", edits: tuple[Edit, ...] = ()) -> Hit:
    """A hit on a word of an instruction."""
    return Hit(*sheet.find(instruction, token), message, edits)
