"""Stages of a Dockerfile, and which of them a target needs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jettison.dockerfile.model import Arg, Copy, Dockerfile, From, Instruction, Run
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
    groups: list[tuple[From, Instruction, list[Instruction]]] = []
    for instruction in dockerfile.instructions:
        if isinstance(instruction.payload, From):
            groups.append((instruction.payload, instruction, []))
        elif groups:
            groups[-1][2].append(instruction)
    return tuple(
        Stage(index, base.alias.lower(), base, head, tuple(instructions))
        for index, (base, head, instructions) in enumerate(groups)
    )


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
    image = expand(stage.base.image, env).lower()
    found = [other for other in every[: stage.index] if other.name and other.name == image]
    for instruction in stage.instructions:
        for reference in references(instruction):
            taken = find(every, reference, stage.index)
            if taken and taken not in found:
                found.append(taken)
    return tuple(found)


def references(instruction: Instruction) -> tuple[str, ...]:
    """The stages and images that an instruction takes files from."""
    payload = instruction.payload
    if isinstance(payload, Copy) and payload.from_:
        return (payload.from_,)
    if isinstance(payload, Run):
        return tuple(mount.options["from"] for mount in payload.mounts if mount.options.get("from"))
    return ()


def needed(every: Sequence[Stage], target: Stage, env: Mapping[str, str]) -> tuple[Stage, ...]:
    """``target`` and all that it needs, in an order in which they can be built."""
    wanted = {target.index}
    for stage in reversed(every[: target.index + 1]):
        if stage.index in wanted:
            wanted |= {used.index for used in uses(every, stage, env)}
    return tuple(stage for stage in every if stage.index in wanted)


def check(every: Sequence[Stage]) -> None:
    """Raise ``DockerfileError`` for two stages of one name, and for a stage that takes from itself or a later one."""
    named = {stage.name: stage for stage in reversed(every) if stage.name}
    for stage in every:
        if stage.name and named[stage.name] is not stage:
            raise stage.head.error(f"two stages are called {stage.name}", stage.base.alias)
        for instruction in stage.instructions:
            for reference in references(instruction):
                _check_reference(instruction, reference, stage, named)


def _check_reference(instruction: Instruction, reference: str, stage: Stage, named: Mapping[str, Stage]) -> None:
    other = named.get(reference.lower())
    if other and other.index >= stage.index:
        which = "this one itself" if other is stage else "further down"
        raise instruction.error(
            f"stage {other.name} is {which}; only stages above can be taken from", f"from={reference}"
        )
    if not other and reference.isdecimal() and int(reference[:9]) >= stage.index:
        raise instruction.error(f"there is no stage {reference} above this one", f"from={reference}")
