"""Fair links: nothing is exceeded, nothing that could be used is left, and the same is given to the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.measure.recovery.links import CAP, Flow, share

KEYS = ("a", "b", "c", "d")
FLOWS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(KEYS), st.floats(0.01, 100), max_size=4),
        st.floats(1, 1e9) | st.just(math.inf),
    ),
    min_size=1, max_size=20,
)  # fmt: skip
CAPACITIES = st.fixed_dictionaries({key: st.floats(1, 1e9) for key in KEYS})


def flows(wanted: list[tuple[dict[str, float], float]]) -> list[Flow]:
    return [Flow(1.0, tuple(uses.items()), cap) for uses, cap in wanted]


def used(found: list[Flow], key: str) -> float:
    return sum(
        weight * flow.rate for flow in found for name, weight in flow.uses if name == key and flow.rate < math.inf
    )


@given(FLOWS, CAPACITIES)
@settings(deadline=None)
def test_no_link_carries_more_than_it_can(wanted: list[tuple[dict[str, float], float]], room: dict[str, float]) -> None:
    found = flows(wanted)
    share(found, room)
    assert all(used(found, key) <= room[key] * (1 + 1e-6) for key in KEYS)
    assert all(0 < flow.rate <= flow.cap for flow in found)


@given(FLOWS, CAPACITIES)
@settings(deadline=None)
def test_every_flow_is_held_up_by_what_it_says(
    wanted: list[tuple[dict[str, float], float]], room: dict[str, float]
) -> None:
    """Its own cap is reached, or that link is full and no other flow on it has more."""
    found = flows(wanted)
    share(found, room)
    for flow in found:
        if flow.limit == CAP:
            assert flow.rate == flow.cap
            continue
        key = str(flow.limit)
        assert used(found, key) == pytest.approx(room[key], rel=1e-6)
        others = [other.rate for other in found if key in dict(other.uses)]
        assert flow.rate >= max(others) * (1 - 1e-6)


def test_what_a_slow_flow_leaves_goes_to_the_others() -> None:
    slow, fast, fastest = found = [
        Flow(1, (("link", 1.0),), cap=1.0),
        Flow(1, (("link", 1.0), ("own", 1.0))),
        Flow(1, (("link", 1.0),)),
    ]
    share(found, {"link": 10.0, "own": 3.0})
    assert [slow.rate, fast.rate, fastest.rate] == [1.0, 3.0, 6.0]
    assert [slow.limit, fast.limit, fastest.limit] == [CAP, "own", "link"]


def test_a_link_without_a_capacity_limits_nothing() -> None:
    flow = Flow(1, (("free", 1.0), ("endless", 1.0)), cap=7.0)
    share([flow], {"endless": math.inf})
    assert flow.rate == 7.0
