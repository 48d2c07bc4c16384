"""The simulation: what it says of simple cases can be computed by hand, and more of anything good is never worse."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jettison.errors import InvalidInput
from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Cluster, Runtime, Setting, Waits
from jettison.measure.recovery.node import unpack_terms
from jettison.measure.recovery.sensitivity import gains, recovery, sizes, smaller
from jettison.measure.recovery.simulate import simulate
from recovery_samples import COSTS, IMAGES, LAYERS, NO_WAIT, SETTINGS, image, many, setting

#: What a slot that becomes free a little earlier may cost others that share the link with it.
_SLACK = 1e-6


@given(LAYERS, st.floats(1e6, 1e9))
@settings(deadline=None)
def test_one_layer_on_one_node_is_the_closed_formula(layer: tuple[int, int, int], link: float) -> None:
    compressed, plain, files = layer
    fetch = (COSTS.image_trips + COSTS.trips) * COSTS.round_trip + compressed / link
    unpack = max(plain / COSTS.codec, plain / COSTS.disk) + files * COSTS.per_file + COSTS.per_layer
    found = simulate((image("app", layer),), setting(link=link))
    assert found.last == pytest.approx(fetch + unpack + COSTS.start, rel=1e-6)
    assert found.p50 == found.p95 == found.last == found.last_terms.seconds


def test_layers_are_unpacked_from_the_lowest_up_one_at_a_time() -> None:
    app = image("app", (10_000_000, 0, 1000), (0, 0, 1000))
    found = simulate((app,), setting())
    assert found.last_terms.pull == pytest.approx(0.06 + 1.0 + 2 * (1.0 + 0.1))


def test_streaming_hides_the_faster_of_fetching_and_unpacking() -> None:
    slow_link = image("app", (20_000_000, 50_000_000, 0))
    slow_disk = image("app", (5_000_000, 200_000_000, 0))
    streaming = setting(runtime=Runtime(streaming=True))
    assert simulate((slow_link,), streaming).last_terms.pull == pytest.approx(0.06 + 2.0 + 0.1)
    assert simulate((slow_disk,), streaming).last_terms.pull == pytest.approx(0.06 + 4.0 + 0.1)


def test_the_registry_is_shared_by_all_who_pull() -> None:
    app = image("app", (10_000_000, 0, 0))
    found = simulate((app,), setting(nodes=11, pods=10, egress=20e6))
    assert found.last_terms.pull == pytest.approx(0.06 + 5.0 + 0.1)
    assert found.egress_bytes == found.moved_bytes == pytest.approx(1e8)
    assert max(found.limits, key=lambda name: found.limits[name]) == "registry egress"


def test_pods_of_one_image_on_one_node_pull_it_once() -> None:
    found = simulate((image("app", (10_000_000, 0, 0)),), setting(pods=30))
    assert found.pods == 30
    assert found.moved_bytes == pytest.approx(1e7)


def test_images_queue_where_pulls_are_serial() -> None:
    both = image("one", (10_000_000, 0, 0)), image("two", (10_000_000, 0, 0))
    serial = simulate(both, setting(pods=2))
    parallel = simulate(both, setting(pods=2, runtime=Runtime(serial=False)))
    assert serial.last_terms.queue == pytest.approx(1.16, rel=1e-3)
    assert parallel.last_terms.queue == 0
    assert parallel.last == pytest.approx(0.06 + 2.0 + 2 * 0.1 + COSTS.start, rel=1e-3)


def test_the_kubelet_starts_no_more_pulls_than_it_may() -> None:
    tiny = tuple(image(f"image{number}", (1, 0, 0)) for number in range(13))
    costs = replace(COSTS, round_trip=0, per_layer=0)
    found = simulate(tiny, setting(costs, Runtime(serial=False), pods=13))
    assert found.last_terms.queue == pytest.approx(0.6, abs=1e-3)


def test_layers_that_images_share_are_fetched_once() -> None:
    base = image("base", (10_000_000, 0, 0)).layers
    one, two = (replace(image(name, (1_000_000, 0, 0)), layers=base + image(name, (1_000_000, 0, 0)).layers)
                for name in ("one", "two"))  # fmt: skip
    for serial in (True, False):
        found = simulate((one, two), setting(pods=2, runtime=Runtime(serial=serial)))
        assert found.moved_bytes == pytest.approx(12e6)


def test_survivors_that_hold_the_image_or_its_base_fetch_less() -> None:
    app = image("app", (10_000_000, 0, 0), (1_000_000, 0, 0))
    cold, warm, based = (
        simulate((app,), setting(nodes=5, pods=4, **values))
        for values in ({}, {"warm": 0.5}, {"base": frozenset({"app-0"})})
    )
    assert [found.moved_bytes for found in (cold, warm, based)] == pytest.approx([44e6, 22e6, 4e6])
    assert warm.pulling_nodes == 2
    assert warm.p50 == pytest.approx(COSTS.start, rel=1e-6)


def test_a_new_node_gets_all_pods_and_holds_nothing() -> None:
    waits = Waits(10, 0, 0, bindings=1e9, provision=60, fresh=True)
    found = simulate((image("app", (10_000_000, 0, 0)),), setting(nodes=100, pods=30, warm=1.0, waits=waits))
    assert found.pulling_nodes == 1
    assert found.last_terms.provision == 60


def test_evictions_come_one_node_after_the_other() -> None:
    waits = replace(NO_WAIT, detect=50, toleration=300, evictions=0.1)
    found = simulate((image("app", (1, 0, 0)),), setting(nodes=100, crashed=3, waits=waits))
    assert found.last_terms.schedule == pytest.approx(20)
    assert found.last > 370


def test_peers_relieve_the_registry_but_it_sends_one_copy() -> None:
    app = image("app", (100_000_000, 0, 0))
    alone, peers = (simulate((app,), many(peers=peers, egress=1e8)) for peers in (False, True))
    assert peers.last < alone.last / 10
    assert 1e8 * (1 - 1e-6) <= peers.egress_bytes < alone.egress_bytes / 100
    one = setting(peers=True)
    assert simulate((app,), one) == simulate((app,), replace(one, cluster=replace(one.cluster, peers=False)))


@given(IMAGES, SETTINGS)
@settings(max_examples=60, deadline=None)
def test_the_same_input_gives_the_same_result(app: ImageFacts, chosen: Setting) -> None:
    assert simulate((app,), chosen) == simulate((app,), chosen)


@given(IMAGES, SETTINGS)
@settings(max_examples=100, deadline=None)
def test_terms_shares_and_bytes_add_up(app: ImageFacts, chosen: Setting) -> None:
    found = simulate((app,), chosen)
    assert found.pods == chosen.cluster.pods * chosen.cluster.crashed
    assert found.p50 <= found.p95 <= found.last
    terms = found.last_terms
    assert min(terms.queue, terms.pull, terms.schedule) >= 0
    assert sum(found.limits.values()) == pytest.approx(1 if found.limits else 0)
    assert found.moved_bytes == pytest.approx(found.pulling_nodes * app.compressed_bytes, rel=1e-6, abs=1)
    if not math.isinf(chosen.cluster.egress):
        assert found.last >= found.egress_bytes / chosen.cluster.egress * (1 - 1e-6)


@given(IMAGES, SETTINGS, st.floats(1, 10), st.floats(1, 10))
@settings(max_examples=100, deadline=None)
def test_more_bandwidth_is_never_slower(app: ImageFacts, chosen: Setting, link: float, egress: float) -> None:
    cluster = chosen.cluster
    more = replace(chosen, cluster=replace(cluster, link=cluster.link * link, egress=cluster.egress * egress))
    assert simulate((app,), more).last <= simulate((app,), chosen).last * (1 + _SLACK)


@given(IMAGES, SETTINGS, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
@example(image("app", (1, 1, 1), (100, 100, 100)), setting(), 1.0, 1.0)
def test_fewer_bytes_and_files_are_never_slower(
    app: ImageFacts, chosen: Setting, bytes_by: float, files_by: float
) -> None:
    less = smaller(app, bytes_by=bytes_by, files_by=files_by)
    assert simulate((less,), chosen).last <= simulate((app,), chosen).last * (1 + _SLACK)


@given(IMAGES, st.integers(2, 6), st.integers(1, 3), st.floats(1, 10))
@settings(max_examples=50, deadline=None)
def test_with_few_slots_more_bandwidth_costs_no_more_than_unpacking(
    app: ImageFacts, fetches: int, unpacks: int, link: float
) -> None:
    """Which layer gets the slot depends on which comes first, so that a faster link can be a little slower."""
    slots = setting(runtime=Runtime(fetches, unpacks, streaming=True))
    more = replace(slots, cluster=replace(slots.cluster, link=slots.cluster.link * link))
    unpacking = sum(sum(unpack_terms(layer, COSTS).values()) for layer in app.layers)
    assert simulate((app,), more).last <= simulate((app,), slots).last + unpacking


def test_what_less_is_worth_is_what_the_formula_says() -> None:
    app = image("app", (10_000_000, 20_000_000, 1000))
    chosen = setting()
    found = gains(app, (), chosen, simulate((app,), chosen))
    assert found.last_per_megabyte == pytest.approx(1 / 10 + 2 / 50)
    assert found.last_per_thousand_files == pytest.approx(1.0)


def test_before_and_after_in_clusters_of_several_sizes() -> None:
    before, after = image("app", (50_000_000, 0, 500)), image("small", (1_000_000, 0, 5))
    found = recovery("eviction", before, after, sizes(setting(), (3, 100), 0.33), notes=("a note",))
    assert [(pair[0].nodes, pair[0].pods) for pair in found.outcomes] == [(3, 1), (100, 33)]
    assert all(pair[1].last < pair[0].last for pair in found.outcomes)
    assert [gain.nodes for gain in found.gains] == [3, 100]


def test_an_image_without_layers_is_there_at_once() -> None:
    found = simulate((image("empty"),), setting())
    assert found.last == pytest.approx(COSTS.start)
    assert found.limits == {}


@pytest.mark.parametrize(
    "values",
    [
        {"nodes": 1},
        {"nodes": 10**9},
        {"crashed": 2},
        {"pods": 0},
        {"link": 0.0},
        {"warm": 2.0},
        {"egress": math.nan},
        {"nodes": 9000, "crashed": 8000, "pods": 200},
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="cannot model"):
        replace(Cluster(nodes=2), **values)


def test_a_large_cluster_is_a_few_groups() -> None:
    """So that 10,000 nodes take seconds: the work is in the groups, not in the nodes."""
    from jettison.measure.recovery.placement import groups

    images = tuple(image(f"image{number}", (1, 1, 1)) for number in range(5))
    for waits in (NO_WAIT, replace(NO_WAIT, bindings=100, evictions=0.1)):
        found = groups(replace(many(warm=0.5), waits=waits), images)
        assert sum(group.count for group in found) == 6667
        assert len(found) <= 2000
