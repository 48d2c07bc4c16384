"""Packages without a version, of every package manager that takes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jettison.rewrite.model import Severity
from jettison.rewrite.rules.plain import Find, Hit, Plain, at
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.shell import Command, Word


@dataclass(frozen=True, slots=True)
class Manager:
    """How a package manager installs.

    ``verbs`` stand in front of packages, ``valued`` options take the next word, ``pinned`` is a package that has a
    version or needs none, ``enough`` options give the version otherwise.
    """

    programs: tuple[str, ...]
    verbs: tuple[tuple[str, ...], ...]
    pinned: re.Pattern[str]
    valued: frozenset[str] = field(default_factory=frozenset)
    enough: frozenset[str] = field(default_factory=frozenset)
    single: tuple[str, ...] = ()


def packages(command: Command, manager: Manager) -> tuple[Word, ...]:
    """The packages that a command installs; none where it does something else, or has an option that is enough."""
    words = tuple(_operands(command.arguments, manager.valued))
    if command.options & manager.enough:
        return ()
    for verb in manager.verbs:
        if tuple(word.text for word in words[: len(verb)]) == verb:
            return words[len(verb) : len(verb) + 1] if verb[-1] in manager.single else words[len(verb) :]
    return ()


def _operands(words: tuple[Word, ...], valued: frozenset[str]) -> Iterator[Word]:
    value = False
    for word in words:
        if value:
            value = False
        elif word.text == "--":
            return
        elif word.text.startswith("-"):
            value = word.text in valued
        else:
            yield word


def _find(manager: Manager) -> Find:
    def find(sheet: Sheet) -> Iterator[Hit]:
        for ran in sheet.commands(*manager.programs):
            for word in packages(ran.command, manager):
                text = word.value if word.value is not None else word.text.strip("\"'")
                # What a variable or a command says is known only when it runs.
                if not re.match(r"[$`]", text) and not manager.pinned.fullmatch(text):
                    yield at(word, f"{text} has no version")

    return find


def rule(system: str, code: str, manager: Manager) -> Plain:
    """The rule ``pinned-version-SYSTEM``."""
    summary = f"packages of {system} have no version, so tomorrow's build installs other ones"
    return Plain(f"pinned-version-{system}", Severity.WARNING, summary, (f"hadolint {code}",), _find(manager))
