"""Results of several machines, or several times, as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import TypeVar

from jettison.errors import InvalidInput
from jettison.measure.model import Bench, ImageFacts, Machine

Value = TypeVar("Value")

#: What tells two machines apart whose numbers of processors and sizes of memory are the same.
_TELLS: tuple[Callable[[Machine], str], ...] = (
    lambda machine: machine.cpu,
    lambda machine: machine.disk,
    lambda machine: machine.system,
    lambda machine: f"Linux {machine.kernel}" if machine.kernel else "",
    lambda machine: f"of {machine.cores} cores",
)


def merge(found: Sequence[Bench]) -> Bench:
    """All measurements, images, machines and floors, each once; machines that differ have names that differ.

    The rates are those of the first, which the floors of the others already contain. Raises ``InvalidInput`` where
    one name stands for two different images.
    """
    if not found:
        raise InvalidInput("cannot merge results: none were given")
    images = _once(image for bench in found for image in bench.images)
    _check(images)
    machines = _machines(found)
    named = [_renamed(bench, machines) for bench in found]
    return Bench(
        date=max(bench.date for bench in found),
        machines=machines,
        images=images,
        measurements=_once(one for bench in named for one in bench.measurements),
        floors=_once(one for bench in named for one in bench.floors),
        rates=found[0].rates,
        notes=_once(note for bench in found for note in bench.notes),
        complete=all(bench.complete for bench in found),
    )


def _machines(found: Sequence[Bench]) -> tuple[Machine, ...]:
    """A machine that was measured several times, with other tools each time, is one."""
    kept: list[Machine] = []
    for machine in (replace(machine, label="") for bench in found for machine in bench.machines):
        at = _place(machine, kept)
        if at < len(kept):
            kept[at] = replace(kept[at], tools={**kept[at].tools, **machine.tools})
        else:
            kept.append(machine)
    return tuple(
        machine if machine.name == name else replace(machine, label=name)
        for machine, name in zip(kept, _names(kept), strict=True)
    )


def _place(machine: Machine, kept: Sequence[Machine]) -> int:
    """Where the same machine is; their number where it is not."""
    bare = replace(machine, tools={}, label="")
    return next((n for n, one in enumerate(kept) if replace(one, tools={}, label="") == bare), len(kept))


def _names(machines: Sequence[Machine]) -> list[str]:
    """Where several have one name, with what tells them apart (``_TELLS``), else a number."""
    names = [machine.name for machine in machines]
    for tell in _TELLS:
        told = [tell(machine) for machine in machines]
        same = [{told[m] for m, other in enumerate(names) if other == name} for name in names]
        names = [f"{name}, {told[n]}" if len(same[n]) > 1 and told[n] else name for n, name in enumerate(names)]
    taken: list[str] = []
    for name in names:
        numbered = (f"{name} ({number})" for number in count(2))
        taken.append(name if name not in taken else next(one for one in numbered if one not in {*taken, *names}))
    return taken


def _renamed(bench: Bench, machines: Sequence[Machine]) -> Bench:
    """With the names that the machines have among all others."""
    names = {machine.name: machines[_place(machine, machines)].name for machine in reversed(bench.machines)}
    return replace(
        bench,
        measurements=tuple(replace(one, machine=names.get(one.machine, one.machine)) for one in bench.measurements),
        floors=tuple(replace(one, machine=names.get(one.machine, one.machine)) for one in bench.floors),
    )


def _check(images: Sequence[ImageFacts]) -> None:
    digests: dict[str, str] = {}
    for image in images:
        if digests.setdefault(image.name, image.digest) != image.digest:
            raise InvalidInput(
                f"cannot merge results: {image.name} is two images, {digests[image.name]} and {image.digest}"
            )


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    """Without repetitions, in the order of the first ones; by equality, as not all values can be hashed."""
    kept: list[Value] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return tuple(kept)
