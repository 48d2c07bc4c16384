"""Stages of a Dockerfile, and which of them a target needs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jettison.dockerfile.model import Arg, Copy, Dockerfile, From, Instruction, OnBuild, Run
from jettison.dockerfile.variables import expand
from jettison.errors import NotFound


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and what follows it. ``name`` is in lower case, ``""`` for none."""

    index: int
    name: str
    base: From
    head: Instruction
    instructions: tuple[Instruction, ...]

    @property
    def label(self) -> str:
        """How messages call it."""
        return self.name or f"stage-{self.index}"


def stages(dockerfile: Dockerfile) -> tuple[Stage, ...]:
    """All stages in their order."""
    found: list[Stage] = []
    current: list[Instruction] = []
    for instruction in dockerfile.instructions:
        if isinstance(instruction.payload, From):
            current = []
            base = instruction.payload
            found.append(Stage(len(found), base.alias.lower(), base, instruction, ()))
        elif found:
            current.append(instruction)
            last = found[-1]
            found[-1] = Stage(last.index, last.name, last.base, last.head, tuple(current))
    return tuple(found)


def meta_args(dockerfile: Dockerfile) -> list[tuple[str, str | None]]:
    """The ARGs before the first FROM: visible in FROM, and in a stage that declares them again."""
    pairs: list[tuple[str, str | None]] = []
    for instruction in dockerfile.instructions:
        if not isinstance(instruction.payload, Arg):
            break
        pairs += instruction.payload.pairs
    return pairs


def select(every: Sequence[Stage], target: str | None) -> Stage:
    """The stage that ``--target`` names, by name or number; the last one without. Raises ``NotFound``."""
    if not target:
        return every[-1]
    for stage in every:
        if target.lower() == stage.name or target == str(stage.index):
            return stage
    names = [stage.name for stage in every if stage.name]
    near = difflib.get_close_matches(target, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names) or 'only unnamed stages'}"
    raise NotFound(f"cannot build target {target!r}: the Dockerfile has no such stage{hint}")


def find(every: Sequence[Stage], reference: str, before: int) -> Stage | None:
    """The stage before number ``before`` that a FROM or ``--from`` names; ``None`` where it names an image."""
    for stage in every[:before]:
        if reference.lower() == stage.name or reference == str(stage.index):
            return stage
    return None


def uses(every: Sequence[Stage], stage: Stage, env: Mapping[str, str]) -> tuple[Stage, ...]:
    """The stages that ``stage`` takes from: its base, COPY --from, RUN --mount=from. ``env`` are the global ARGs."""
    references = []
    base = next((s for s in every[: stage.index] if s.name and s.name == expand(stage.base.image, env).lower()), None)
    found = [base] if base else []
    for instruction in stage.instructions:
        payload = instruction.payload
        if isinstance(payload, OnBuild):
            continue
        if isinstance(payload, Copy) and payload.from_:
            references.append(payload.from_)
        elif isinstance(payload, Run):
            references += [mount.options["from"] for mount in payload.mounts if mount.options.get("from")]
    for reference in references:
        taken = find(every, expand(reference, env), stage.index)
        if taken and taken not in found:
            found.append(taken)
    return tuple(found)


def needed(every: Sequence[Stage], target: Stage, env: Mapping[str, str]) -> tuple[Stage, ...]:
    """``target`` and all that it needs, in an order in which they can be built."""
    wanted = {target.index}
    for stage in reversed(every[: target.index + 1]):
        if stage.index in wanted:
            wanted |= {used.index for used in uses(every, stage, env)}
    return tuple(stage for stage in every if stage.index in wanted)
