"""Results of a bench go to JSON and come back; anything else is refused by name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from jettison.errors import InvalidInput
from jettison.measure.model import (
    Action,
    Bench,
    Floor,
    ImageFacts,
    LayerFacts,
    Machine,
    Measurement,
    Sample,
    State,
    from_json,
    to_json,
)

BENCH = Bench(
    date="2026-11-24T12:00:00Z",
    machines=(Machine(2, "a processor", 24 * 2**30, "ext4", "6.1", "Debian 12", None, {"docker": "20.10"}),),
    images=(ImageFacts("app:1", "sha256:" + "0" * 64, 10, 20, 3, (LayerFacts("sha256:" + "1" * 64, 10, 20, 3),)),),
    measurements=(
        Measurement("app:1", "jettison", Action.PULL, State.COLD, "100mbit", (Sample(3.0), Sample(1.0, 0.5, 7, 10))),
    ),
    floors=(Floor("app:1", Action.PULL, "100mbit", 1.0, 0.4, 0.7, 0.1, 0.05),),
    rates={"zstd": 800e6},
    notes=("unshaped: no root",),
)


def test_goes_and_comes_back() -> None:
    assert from_json(to_json(BENCH), "a.json") == BENCH


def test_median_spread_and_floor() -> None:
    (measured,) = BENCH.measurements
    assert (measured.median, measured.spread) == (2.0, (1.0, 3.0))
    assert BENCH.floors[0].seconds == pytest.approx(1.15)
    assert BENCH.of(Action.PULL, "app:1") == measured
    assert BENCH.of(Action.PUSH, "app:1") is None
    assert BENCH.machines[0].name == "2 cores, 24 GiB"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 1}', "[" * 100_000])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"cannot read a\.json: it is no result of jettison bench"):
        from_json(text, "a.json")


def test_another_schema_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match=r"cannot read a\.json: it has schema version 99, and 1 is known here"):
        from_json(to_json(replace(BENCH, schema_version=99)), "a.json")


def test_a_measurement_has_samples() -> None:
    value = json.loads(to_json(BENCH))
    value["measurements"][0]["samples"] = []
    with pytest.raises(InvalidInput, match="a measurement without samples"):
        from_json(json.dumps(value), "a.json")
