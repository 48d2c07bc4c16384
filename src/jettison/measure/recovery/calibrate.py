"""What a pull costs on this machine: fitted to pulls that were timed, by making the model's errors small."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Costs, Setting
from jettison.measure.recovery.simulate import simulate

#: What is fitted, in the order in which it is tried.
FITTED = ("codec", "per_image", "per_layer", "per_file")
#: A constant is looked for within this factor of where the search begins, down to steps of this fineness.
_RANGE, _FIRST_STEP, _LAST_STEP = 1000.0, 4.0, 1.01
#: Where the search begins if the constant is zero.
_LEAST = 1e-5
_ROUNDS = 200


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
