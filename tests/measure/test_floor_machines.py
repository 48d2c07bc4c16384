"""A floor is of one machine, and of the processors that were used."""

from __future__ import annotations

import pytest

from jettison.measure import floor
from jettison.measure.links import UNSHAPED, rate
from jettison.measure.model import Action, ImageFacts, LayerFacts, Machine, Measurement, Sample, State

KNOWN = {"codec": 50e6, "disk": 1e12, "file": 0.0, "round_trip": 0.0, "cores": 2.0}
FACTS = ImageFacts("app", "sha256:0", 10_000_000, 0, 0, (LayerFacts("a", 6, 100_000_000, 0),))
GIB = 2**30


def test_only_used_processors_decompress() -> None:
    one, both, more = (Machine(2, memory_bytes=GIB, cpus=cpus) for cpus in (1, 2, 3))
    codec = {
        machine.name: floor.floors(FACTS, [rate("8mbit")], KNOWN, machine)[-1].codec for machine in (one, both, more)
    }
    assert codec == {"1 core, 1 GiB": 2.0, "2 cores, 1 GiB": 1.0, "3 cores, 1 GiB": 1.0}
    assert floor.floors(FACTS, [], KNOWN, Machine(2))[-1].codec == floor.floors(FACTS, [], KNOWN)[-1].codec == 1.0


def test_share_is_of_the_floor_of_the_same_machine() -> None:
    slow, fast = Machine(1, memory_bytes=GIB), Machine(32, memory_bytes=GIB)
    floors = (
        *floor.floors(FACTS, [], {**KNOWN, "cores": 1.0}, slow),
        *floor.floors(FACTS, [], {**KNOWN, "cores": 32.0}, fast),
    )
    for machine, least in ((slow, 2.0), (fast, 2.0 / 32)):
        found = Measurement("app", "x", Action.UNPACK, State.COLD, UNSHAPED, (Sample(2 * least),), machine=machine.name)
        assert floor.share(found, floors) == pytest.approx(0.5)
    other = Measurement("app", "x", Action.UNPACK, State.COLD, UNSHAPED, (Sample(1.0),), machine="another")
    assert floor.share(other, floors) is None
