"""Results of several machines, or several times, as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from jettison.errors import InvalidInput
from jettison.measure.model import Bench, ImageFacts, Machine

Value = TypeVar("Value")


def merge(found: Sequence[Bench]) -> Bench:
    """All measurements, images and machines, each once.

    The rates are those of the first, which the floors of the others already contain. Raises ``InvalidInput`` where
    one name stands for two different images.
    """
    if not found:
        raise InvalidInput("cannot merge results: none were given")
    images = _once(image for bench in found for image in bench.images)
    _check(images)
    return Bench(
        date=max(bench.date for bench in found),
        machines=_machines(found),
        images=images,
        measurements=_once(one for bench in found for one in bench.measurements),
        floors=_once(one for bench in found for one in bench.floors),
        rates=found[0].rates,
        notes=_once(note for bench in found for note in bench.notes),
        complete=all(bench.complete for bench in found),
    )


def _machines(found: Sequence[Bench]) -> tuple[Machine, ...]:
    """A machine that was measured several times, with other tools each time, is one."""
    kept: list[Machine] = []
    for machine in (machine for bench in found for machine in bench.machines):
        same = [one for one in kept if replace(one, tools={}) == replace(machine, tools={})]
        if same:
            kept[kept.index(same[0])] = replace(same[0], tools={**same[0].tools, **machine.tools})
        else:
            kept.append(machine)
    return tuple(kept)


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
