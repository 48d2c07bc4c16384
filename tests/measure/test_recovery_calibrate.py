"""Constants are found again in times that were made with them; a bench gives rates, pulls and starts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jettison.errors import InvalidInput
from jettison.measure.model import Action, Bench, Machine, Measurement, Sample, State
from jettison.measure.recovery import calibrate, kubernetes
from jettison.measure.recovery.calibrate import Observation
from jettison.measure.recovery.kubernetes import COSTS, Scenario
from recovery_samples import image, setting

IMAGES = (
    image("large", (40_000_000, 100_000_000, 200)),
    image("files", (3_000_000, 10_000_000, 20_000)),
    image("layers", *((500_000, 1_000_000, 10) for _ in range(8))),
    image("small", (1_000_000, 2_000_000, 50)),
)
TRUE = replace(COSTS, codec=90e6, disk=float("inf"), per_file=4e-4, per_layer=0.08, per_image=0.4)


def bench(rates: dict[str, float], *found: Measurement) -> Bench:
    return Bench("2026-11-24", (Machine(2),), IMAGES, found, rates=rates)


def measurement(name: str, action: Action, seconds: float, link: str = "100mbit") -> Measurement:
    return Measurement(name, "jettison", action, State.COLD, link, (Sample(seconds),), machine=Machine(2).name)


def pulls() -> list[Measurement]:
    alone = replace(setting(link=kubernetes.payload(100e6)), runtime=kubernetes.jettison(2))
    return [measurement(one.name, Action.PULL, calibrate.predict(TRUE, one, alone)) for one in IMAGES]


def test_the_constants_that_made_the_times_are_found_again() -> None:
    made = [Observation(one, setting(link=link), calibrate.predict(TRUE, one, setting(link=link)))
            for one in IMAGES for link in (5e6, 50e6)]  # fmt: skip
    found = calibrate.fit(made, replace(COSTS, disk=float("inf")))
    assert found.calibrated
    assert calibrate.median_error(found, made) < 0.02
    assert found.per_file == pytest.approx(TRUE.per_file, rel=0.1)
    assert found.codec == pytest.approx(TRUE.codec, rel=0.1)


def test_a_bench_with_pulls_is_fitted_to() -> None:
    start = measurement("small", Action.START, 0.25)
    costs, said = calibrate.from_bench(bench({"codec": 300e6, "file": 1e-4, "round_trip": 0.0}, *pulls(), start), COSTS)
    assert costs.start == 0.25
    assert costs.calibrated
    assert "fitted to 4 pulls" in said[1]


def test_a_bench_with_rates_alone_gives_these() -> None:
    rates = {"codec": 300e6, "disk": 200e6, "file": 1e-4, "round_trip": 0.002, "cores": 2.0}
    costs, said = calibrate.from_bench(bench(rates), COSTS)
    assert (costs.codec, costs.disk, costs.per_file, costs.round_trip) == (300e6, 200e6, 1e-4, 0.002)
    assert (costs.per_layer, costs.start) == (COSTS.per_layer, COSTS.start)
    assert said == ("Calibrated by a bench of 2026-11-24: codec, disk, per_file, round_trip.",)


def test_a_bench_of_which_nothing_is_of_use_is_refused() -> None:
    other = replace(measurement("small", Action.PULL, 1.0), tool="docker")
    unshaped = measurement("small", Action.PULL, 1.0, "unshaped")
    with pytest.raises(InvalidInput, match="cannot calibrate"):
        calibrate.from_bench(bench({}, other, unshaped), COSTS)
    with pytest.raises(InvalidInput, match="cannot model codec"):
        calibrate.from_bench(bench({"codec": -1.0}), COSTS)


def test_what_is_assumed_is_said() -> None:
    for scenario in Scenario:
        said = " ".join(
            kubernetes.notes(scenario, setting(kubernetes.COSTS, waits=kubernetes.DEFAULTS[scenario].waits))
        )
        assert "not calibrated" in said
        assert "serializeImagePulls" in said
    stock = kubernetes.DEFAULTS[Scenario.EVICTION]
    assert stock.waits.detect + stock.waits.toleration == 350
    assert "about 350 s" in stock.meaning
