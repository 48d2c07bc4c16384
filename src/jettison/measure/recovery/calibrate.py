"""What a pull costs on this machine: fitted to pulls that were timed, by making the model's errors small."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jettison.errors import InvalidInput
from jettison.measure.links import UNSHAPED, Rate, rate
from jettison.measure.model import Action, Bench, ImageFacts, Measurement, State
from jettison.measure.recovery import kubernetes
from jettison.measure.recovery.model import Cluster, Costs, Runtime, Setting, Waits
from jettison.measure.recovery.simulate import simulate

#: What is fitted, in the order in which it is tried.
FITTED = ("codec", "per_image", "per_layer", "per_file")
#: A constant is looked for within this factor of where the search begins, down to steps of this fineness.
_RANGE, _FIRST_STEP, _LAST_STEP = 1000.0, 4.0, 1.01
#: Where the search begins if the constant is zero.
_LEAST = 1e-5
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


def fit(observations: Sequence[Observation], begin: Costs, names: Sequence[str] = FITTED) -> Costs:
    """The costs that fit best: the least sum of squared logarithms of predicted over measured time.

    A pattern search: one constant after another is multiplied or divided by a step, which shrinks where nothing helps.
    """
    best = replace(begin, calibrated=True, **{name: max(getattr(begin, name), _LEAST) for name in names})
    first, least, step = best, _loss(best, observations), _FIRST_STEP
    for _ in range(_ROUNDS):
        improved = False
        for name in names:
            for factor in (step, 1 / step):
                value = getattr(best, name) * factor
                if not 1 / _RANGE <= value / getattr(first, name) <= _RANGE:
                    continue
                tried = replace(best, **{name: value})
                loss = _loss(tried, observations)
                if loss < least:
                    best, least, improved = tried, loss, True
        if not improved:
            step = math.sqrt(step)
            if step < _LAST_STEP:
                break
    return best


def _loss(costs: Costs, observations: Sequence[Observation]) -> float:
    return sum(math.log1p(error) ** 2 for error in errors(costs, observations))


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
