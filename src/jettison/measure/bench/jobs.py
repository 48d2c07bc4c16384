"""The matrix: which jobs there are, and in which order they are run."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence

from jettison.measure.bench.model import Job, Plan, Subject
from jettison.measure.bench.tools import TOOLS
from jettison.measure.links import Rate
from jettison.measure.model import Action, State

#: What crosses the link; the rest is measured once, whatever the links.
WIRED = frozenset({Action.PUSH, Action.BUILD_PUSH, Action.PULL, Action.FETCH})
#: What only Jettison is measured at: others do not do it as a step of its own.
ALONE = frozenset({Action.BUILD, Action.BUILD_PUSH, Action.DECOMPRESS, Action.UNPACK, Action.START})
#: What is measured only cold.
ONLY_COLD = frozenset({Action.FETCH, Action.DECOMPRESS, Action.UNPACK, Action.START})
BUILDS = frozenset({Action.BUILD, Action.BUILD_PUSH})


#: What Jettison unpacks for, which needs root.
ROOTS = frozenset({Action.PULL, Action.UNPACK, Action.START})


def jobs(plan: Plan, subject: Subject, tools: Sequence[str]) -> Iterator[Job]:
    """Every cell of the matrix for one subject."""
    for cpus in plan.cpus or (None,):
        for tool in tools:
            for action in plan.actions:
                if _applies(action, tool, subject):
                    yield from _cells(plan, subject, tool, action, cpus)


def _applies(action: Action, tool: str, subject: Subject) -> bool:
    if action in BUILDS and subject.context is None:
        return False
    if action in ROOTS and tool == "jettison" and os.geteuid() != 0:
        return False
    if action is Action.PULL:
        return TOOLS[tool].unpacks
    if action is Action.FETCH:
        return tool == "jettison" or not TOOLS[tool].unpacks
    return tool == "jettison" or action not in ALONE


def left_out(plan: Plan, subject: Subject, tools: Sequence[str]) -> Iterator[str]:
    """A sentence for each action that was asked for and that there is nothing of to measure."""
    for action in plan.actions if plan.named else ():
        if not any(_applies(action, tool, subject) for tool in tools):
            built = action in BUILDS and subject.context is None
            reason = "it is an image, not a directory with a Dockerfile" if built else "this needs root"
            yield f"{action} of {subject.name} was not measured: {reason}"


def _cells(plan: Plan, subject: Subject, tool: str, action: Action, cpus: int | None) -> Iterator[Job]:
    for state in (State.COLD,) if action in ONLY_COLD else plan.states:
        for rate in plan.rates if action in WIRED else (Rate(),):
            yield Job(subject, tool, action, state, rate, cpus)


def order(cells: Sequence[Job], runs: int, generator: random.Random) -> list[Job]:
    """As many rounds as there are runs; in each round every job once, in random order.

    What slows the machine down for a while then meets all of them, and after an interruption all have as many runs.
    """
    return [cell for _ in range(runs) for cell in generator.sample(cells, len(cells))]
