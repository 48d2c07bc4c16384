"""Mend a Dockerfile by the edits of its findings, until nothing is left that can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jettison.dockerfile import Context, parse
from jettison.errors import DockerfileError
from jettison.rewrite.lint import lint
from jettison.rewrite.model import Edit, Finding, Rule
from jettison.rewrite.rules import RULES

#: An edit may bring what another rule mends; more rounds than this mean that two rules do not agree.
_ROUNDS = 10


def fix(
    text: str, *, context: Context | None = None, rules: Sequence[Rule] = RULES, unsafe: bool = False
) -> tuple[str, tuple[Finding, ...]]:
    """The mended text, and what was mended in it; edits that must be proved only with ``unsafe``."""
    mended: list[Finding] = []
    for _ in range(_ROUNDS):
        found = lint(text, context=context, rules=rules)
        if found.sheet is None:
            break
        changed, applied = apply(text, (finding for finding in found.findings if finding.safe or unsafe))
        if not applied:
            break
        text = changed
        mended += applied
    return text, tuple(mended)


def apply(text: str, findings: Iterable[Finding]) -> tuple[str, tuple[Finding, ...]]:
    """The edits of as many findings as do not stand in each other's way; those that were applied."""
    taken: list[Edit] = []
    applied = []
    for finding in findings:
        edits = tuple(edit for edit in finding.edits if edit not in taken)
        if edits and not any(_clash(edit, other) for edit in edits for other in taken) and _holds(text, edits):
            taken += edits
            applied.append(finding)
    return edited(text, taken), tuple(applied)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _clash(one: Edit, other: Edit) -> bool:
    # Those that only touch wait for the next round too: what is put behind a line must not outlive it.
    return one.start <= other.end and other.start <= one.end


def _holds(text: str, edits: Iterable[Edit]) -> bool:
    """Whether what comes out is a Dockerfile."""
    try:
        parse(edited(text, edits))
    except DockerfileError:
        return False
    return True
