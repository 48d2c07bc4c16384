"""Apply rules to a Dockerfile: every finding that nobody silenced, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from jettison.dockerfile import Context, Instruction, parse
from jettison.dockerfile.model import Run
from jettison.errors import DockerfileError, InvalidInput
from jettison.rewrite.model import Finding, Rule, Severity
from jettison.rewrite.rules import RULES
from jettison.rewrite.sheet import Sheet
from jettison.rewrite.source import triggered

#: The name under which a text that is no Dockerfile is found.
SYNTAX = "syntax"

_PRAGMA = re.compile(r"#\s*(?:jettison|hadolint)\s+(global\s+)?ignore\s*=\s*(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Linted:
    """The sheet, ``None`` where the text is no Dockerfile, and what was found in it."""

    sheet: Sheet | None
    findings: tuple[Finding, ...]
    text: str


def choose(only: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules of these names (all without), minus others; a rule is also known by its names elsewhere.

    Raises ``InvalidInput`` for a name that no rule has.
    """
    known = {name for rule in RULES for name in names(rule)} | {SYNTAX}
    for name in (*only, *ignore):
        others = name in ignore and re.fullmatch(r"(dl|sc)\d{4}", name, re.IGNORECASE)
        if name.lower() not in known and not others:
            raise InvalidInput(
                f"cannot choose the rule {name!r}: there is no such rule; see jettison lint --list-rules"
            )
    chosen = {name.lower() for name in only}
    silent = {name.lower() for name in ignore}
    return tuple(rule for rule in RULES if (not chosen or names(rule) & chosen) and not names(rule) & silent)


def names(rule: Rule) -> frozenset[str]:
    """All names of a rule, in lower case: its own, and the codes that others give it."""
    return frozenset({rule.name, *(code.rpartition(" ")[2].lower() for code in rule.also)})


def lint(
    text: str, *, context: Context | None = None, rules: Sequence[Rule] = RULES, file: str = "Dockerfile"
) -> Linted:
    """Everything that ``rules`` find in ``text`` and no comment silences. Never raises for what stands in it."""
    try:
        sheet = Sheet(parse(text, file), context)
    except DockerfileError as error:
        return Linted(None, (_syntax(text, error),), text)
    return Linted(sheet, check(sheet, rules), sheet.text)


def check(sheet: Sheet, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """What ``rules`` find; no edits in shell that was not understood."""
    silenced = _Silenced(sheet)
    found = [
        _careful(sheet, finding)
        for rule in rules
        for finding in rule.check(sheet)
        if not silenced.covers(rule, finding)
    ]
    return tuple(sorted(set(found), key=lambda finding: (finding.start, finding.end, finding.rule, finding.message)))


def _careful(sheet: Sheet, finding: Finding) -> Finding:
    """Without edits where they would change shell that is not understood."""
    for edit in finding.edits:
        instruction = instruction_at(sheet, edit.start)
        script = instruction and sheet.script(instruction)
        payload = triggered(instruction).payload if instruction else None
        if (script and not script.sound) or (isinstance(payload, Run) and not script):
            return replace(finding, edits=())
    return finding


def instruction_at(sheet: Sheet, offset: int) -> Instruction | None:
    """The instruction in which an offset stands."""
    return sheet.instruction_at(offset)


def _syntax(text: str, error: DockerfileError) -> Finding:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text) or [""]
    start = sum(map(len, lines[: error.line - 1])) + error.column - 1
    start = min(start, len(text))
    message, severity = error.message, Severity.ERROR
    if "is not implemented here" in message:  # BuildKit knows it: the file may be right, but it is not understood
        message, severity = f"{message.partition(';')[0]}, so that no rule is applied", Severity.WARNING
    return Finding(SYNTAX, severity, message, start, min(start + 1, len(text)))


class _Silenced:
    """The comments that silence rules: for the instruction below them, or for the whole file.

    ``# jettison ignore=apt-lists,latest`` (or ``# hadolint ignore=DL3009``), with ``global`` in front for all; and
    BuildKit's directive ``# check=skip=JSONArgsRecommended``.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.everywhere = set(_skipped(sheet.dockerfile.directives.get("check", "")))
        self.below: dict[int, set[str]] = {}
        waiting: set[str] = set()
        for piece in sheet.dockerfile.pieces:
            if isinstance(piece, Instruction):
                self.below[piece.line] = waiting
                waiting = set()
            elif found := _PRAGMA.search(piece.source):
                codes = {code.strip().lower() for code in found[2].split(",")}
                if found[1]:
                    self.everywhere |= codes
                else:
                    waiting = waiting | codes
            elif not piece.source.strip():
                waiting = set()

    def covers(self, rule: Rule, finding: Finding) -> bool:
        codes = names(rule)
        if "all" in self.everywhere or codes & self.everywhere:
            return True
        instruction = instruction_at(self.sheet, finding.start)
        return instruction is not None and bool(codes & self.below[instruction.line])


def _skipped(check: str) -> Iterator[str]:
    for part in check.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "skip":
            yield from (code.strip().lower() for code in value.split(","))
