"""What a pull costs on this machine: fitted to pulls that were timed, by making the model's errors small."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jettison.errors import InvalidInput
from jettison.measure.links import UNSHAPED, Rate, rate
from jettison.measure.model import Action, Bench, ImageFacts, Measurement, State
from jettison.measure.recovery import kubernetes
from jettison.measure.recovery.model import Cluster, Costs, Runtime, Setting, Waits
from jettison.measure.recovery.simulate import simulate

#: What is fitted, and the unit in which it is looked for: seconds, and for ``codec`` seconds a byte.
FITTED = {"codec": 1e-8, "per_image": 0.1, "per_layer": 0.01, "per_file": 1e-4}
#: Of the search (Levenberg and Marquardt): where the damping begins, where it ends the search, and the step of slopes.
_DAMPING, _MOST_DAMPING, _STEP = 1e-2, 1e8, 1e-3
_LEAST = 1e-4
_ROUNDS = 200
#: Rates of a bench, and what they are called here.
_RATES = {"codec": "codec", "disk": "disk", "file": "per_file", "round_trip": "round_trip"}
#: So many pulls are wanted before constants are fitted to them.
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Observation:
    """A pull that was timed until the last node had it. The costs in ``setting`` do not matter."""

    image: ImageFacts
    setting: Setting
    seconds: float


def predict(costs: Costs, image: ImageFacts, setting: Setting) -> float:
    """Seconds until the last node has the image, by the model with these costs; the start is not part of it."""
    return simulate((image,), replace(setting, costs=replace(costs, start=0.0))).last


def errors(costs: Costs, observations: Sequence[Observation]) -> tuple[float, ...]:
    """By which share each prediction is off; positive where it is too long."""
    return tuple(predict(costs, one.image, one.setting) / one.seconds - 1 for one in observations)


def median_error(costs: Costs, observations: Sequence[Observation]) -> float:
    """The median of the absolute errors, as a share."""
    return statistics.median(map(abs, errors(costs, observations)))


def fit(observations: Sequence[Observation], begin: Costs) -> Costs:
    """The costs that fit best: the least sum of squared logarithms of predicted over measured time."""
    values, damping = _values(begin), _DAMPING
    residuals = _residuals(begin, values, observations)
    for _ in range(_ROUNDS):
        slopes = [
            [(moved - now) / _STEP for moved, now in zip(_residuals(begin, one, observations), residuals, strict=True)]
            for one in _neighbours(values)
        ]
        while damping < _MOST_DAMPING:
            tried = [
                max(_LEAST, value + by) for value, by in zip(values, _move(slopes, residuals, damping), strict=True)
            ]
            found = _residuals(begin, tried, observations)
            if _loss(found) < _loss(residuals):
                break
            damping *= 4
        else:
            break
        done = _loss(residuals) - _loss(found) < 1e-9
        values, residuals, damping = tried, found, damping / 4
        if done:
            break
    return _costs(begin, values)


def _values(costs: Costs) -> list[float]:
    """The constants in their units."""
    found = ((1 / costs.codec if name == "codec" else getattr(costs, name)) / unit for name, unit in FITTED.items())
    return [max(_LEAST, value) for value in found]


def _costs(begin: Costs, values: Sequence[float]) -> Costs:
    seconds = {name: value * unit for (name, unit), value in zip(FITTED.items(), values, strict=True)}
    return replace(begin, calibrated=True, **{**seconds, "codec": 1 / seconds["codec"]})


def _neighbours(values: Sequence[float]) -> Iterator[list[float]]:
    for number in range(len(values)):
        yield [value + _STEP * (at == number) for at, value in enumerate(values)]


def _residuals(begin: Costs, values: Sequence[float], observations: Sequence[Observation]) -> list[float]:
    return [math.log1p(error) for error in errors(_costs(begin, values), observations)]


def _loss(residuals: Sequence[float]) -> float:
    return sum(value**2 for value in residuals)


def _move(slopes: Sequence[Sequence[float]], residuals: Sequence[float], damping: float) -> list[float]:
    """The damped normal equations, solved by elimination; without a slope a constant stays as it is."""
    rows = [
        [_product(one, other) * (1 + damping * (one is other)) + 1e-12 * (one is other) for other in slopes]
        + [-_product(one, residuals)]
        for one in slopes
    ]
    for at, row in enumerate(rows):
        for below in rows[at + 1 :]:
            factor = below[at] / row[at]
            below[at:] = [value - factor * above for value, above in zip(below[at:], row[at:], strict=True)]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        rest = sum(rows[at][other] * found[other] for other in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - rest) / rows[at][at]
    return found


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def from_bench(bench: Bench, begin: Costs) -> tuple[Costs, tuple[str, ...]]:
    """The costs that a run of ``jettison bench`` shows, and what they are from, in sentences.

    Its rates are taken as they are; where it timed pulls over shaped links, what unpacking costs is fitted to them.
    Only the first machine counts. Raises ``InvalidInput`` where nothing of use is in it.
    """
    rates = {field: bench.rates[name] for name, field in _RATES.items() if name in bench.rates}
    starts = [one.median for one in bench.measurements if one.action is Action.START and _counts(bench, one)]
    pulls = _observations(bench, begin)
    if not rates and not pulls:
        raise InvalidInput("cannot calibrate: the bench has neither rates nor cold pulls by jettison over shaped links")
    costs = replace(begin, calibrated=True, **rates, **({"start": statistics.median(starts)} if starts else {}))
    said = [f"Calibrated by a bench of {bench.date}: {', '.join(sorted(rates)) or 'no rates'}."]
    if len(pulls) >= _ENOUGH:
        costs = fit(pulls, replace(costs, disk=math.inf))
        off = f"{100 * median_error(costs, pulls):.0f} %"
        said.append(f"What unpacking costs is fitted to {len(pulls)} pulls; the median error on these is {off}.")
    return costs, tuple(said)


def _observations(bench: Bench, begin: Costs) -> list[Observation]:
    images = {image.name: image for image in bench.images if image.layers}
    machine = bench.machines[0] if bench.machines else None
    runtime = kubernetes.jettison(max(1, (machine.cpus or machine.cores) if machine else 1))
    return [
        Observation(images[one.image], _alone(begin, runtime, rate(one.link)), one.median)
        for one in bench.measurements
        if one.action is Action.PULL and _counts(bench, one) and one.image in images and one.link != UNSHAPED
    ]


def _counts(bench: Bench, one: Measurement) -> bool:
    here = not bench.machines or one.machine in ("", bench.machines[0].name)
    return here and one.tool == "jettison" and one.state is State.COLD


def _alone(costs: Costs, runtime: Runtime, link: Rate) -> Setting:
    """One node that pulls one image at once."""
    cluster = Cluster(nodes=2, pods=1, link=kubernetes.payload(link.bits or math.inf))
    return Setting(costs, runtime, cluster, Waits(0.0, 0.0, 0.0, bindings=1e9))
