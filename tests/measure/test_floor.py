"""The floor: the largest of link, codec and disk, and round trips."""

from __future__ import annotations

from pathlib import Path

import pytest

from jettison.measure import floor
from jettison.measure.links import Rate, rate
from jettison.measure.model import Action, ImageFacts, LayerFacts, Measurement, Sample, State
from jettison.oci.layout import Store
from samples import noise, sample

KNOWN = {"codec": 50e6, "disk": 200e6, "file": 1e-3, "round_trip": 0.002, "cores": 2.0}
FACTS = ImageFacts(
    "app", "sha256:0", 10_000_000, 0, 0, (LayerFacts("a", 6, 30_000_000, 100), LayerFacts("b", 4, 0, 50))
)


def test_terms() -> None:
    found = {one.action: one for one in floor.floors(FACTS, [rate("8mbit")], KNOWN)}
    pull = found[Action.PULL]
    assert (pull.link, pull.codec, pull.round_trips) == (10.0, 0.3, 0.008)
    assert pull.disk == pytest.approx(0.15 + 0.15)
    assert pull.seconds == pytest.approx(10.008)
    assert (found[Action.PUSH].codec, found[Action.PUSH].disk) == (0.0, 0.0)
    assert found[Action.UNPACK].seconds == pytest.approx(0.3)
    assert found[Action.UNPACK].link_name == "unshaped"


def test_an_unshaped_link_is_no_bound() -> None:
    pull = next(one for one in floor.floors(FACTS, [Rate()], KNOWN) if one.action is Action.PULL)
    assert pull.link == 0.0
    assert pull.seconds == pytest.approx(0.308)


def test_share() -> None:
    floors = floor.floors(FACTS, [rate("8mbit"), rate("80mbit")], KNOWN)
    slow = Measurement("app", "x", Action.PULL, State.COLD, "8mbit", (Sample(20.016),))
    assert floor.share(slow, floors) == pytest.approx(0.5)
    assert floor.share(Measurement("app", "x", Action.START, State.COLD, "unshaped", (Sample(1.0),)), floors) is None


def test_rates_of_this_machine(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    image = sample(store, {"/a": noise(100_000)}, {"/b": noise(50_000, 1)})
    found = floor.rates(store, [image], lambda: 0.001)
    assert set(found) == {"codec", "disk", "file", "round_trip", "cores"}
    assert all(value > 0 for value in found.values())
    assert not [path for path in (store.root / "scratch").rglob("*") if path.is_file()]
