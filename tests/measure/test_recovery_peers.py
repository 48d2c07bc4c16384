"""Peers: what they hand on comes on top of what the registry sends, so that asking them is never slower."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Outcome, Runtime, Setting
from jettison.measure.recovery.node import unpack_terms
from jettison.measure.recovery.simulate import FIRST_PIECE, simulate
from recovery_samples import COSTS, IMAGES, SETTINGS, image, many, setting

_SLACK = 1e-6


def alone_and_with_peers(app: ImageFacts, chosen: Setting) -> tuple[Outcome, Outcome]:
    alone, peers = (
        simulate((app,), replace(chosen, cluster=replace(chosen.cluster, peers=value))) for value in (False, True)
    )
    return alone, peers


def test_a_layer_smaller_than_a_piece_is_not_charged_a_piece() -> None:
    small = image("app", (190_000, 0, 0))
    alone, peers = alone_and_with_peers(small, setting(nodes=10, pods=9, link=1e6, egress=1e9))
    assert peers.last == pytest.approx(alone.last)
    assert FIRST_PIECE not in peers.limits


def test_nodes_that_the_registry_serves_do_not_wait_for_peers() -> None:
    """Thirteen layers to 67 nodes: the registry has enough for all of them."""
    app = image("app", *((5_000_000, 10_000_000, 100) for _ in range(13)))
    alone, peers = alone_and_with_peers(app, setting(nodes=100, crashed=33, pods=30, link=1e7, egress=1e9))
    assert peers.last == pytest.approx(alone.last)
    assert FIRST_PIECE not in peers.limits


def test_waiting_for_the_first_piece_has_its_own_name() -> None:
    app = image("app", (50_000_000, 0, 0))
    alone, peers = alone_and_with_peers(app, many(egress=1e8))
    assert 0 < peers.limits[FIRST_PIECE] < 1
    assert FIRST_PIECE not in alone.limits
    assert peers.last < alone.last


@given(IMAGES, SETTINGS)
@settings(max_examples=100, deadline=None)
def test_peers_are_never_slower_than_the_registry_alone(app: ImageFacts, chosen: Setting) -> None:
    alone, peers = alone_and_with_peers(app, chosen)
    assert peers.last <= alone.last * (1 + _SLACK)


@given(IMAGES, SETTINGS, st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_warm_nodes_are_never_slower_than_none(app: ImageFacts, chosen: Setting, warm: float) -> None:
    """Which nodes are warm depends on how many are, so this is not said of more and fewer warm nodes."""
    none, some = (replace(chosen, cluster=replace(chosen.cluster, warm=value)) for value in (0.0, warm))
    assert simulate((app,), some).last <= simulate((app,), none).last * (1 + _SLACK)


def unpacking(*images: ImageFacts) -> float:
    return sum(sum(unpack_terms(layer, COSTS).values()) for app in images for layer in app.layers)


@given(IMAGES, SETTINGS, st.floats(1, 10), st.floats(1, 10))
@settings(max_examples=100, deadline=None)
def test_with_peers_more_bandwidth_costs_no_more_than_unpacking(
    app: ImageFacts, chosen: Setting, link: float, egress: float
) -> None:
    """Who can send what depends on who has which layer by then, so that a faster link can be a little slower."""
    other = image("other", (20_000_000, 30_000_000, 500), (5_000_000, 90_000_000, 10))
    peers = replace(chosen, cluster=replace(chosen.cluster, peers=True))
    more = replace(peers, cluster=replace(peers.cluster, link=peers.cluster.link * link,
                                          egress=peers.cluster.egress * egress))  # fmt: skip
    assert simulate((app, other), more).last <= simulate((app, other), peers).last + unpacking(app, other)


def two_images() -> tuple[ImageFacts, ImageFacts]:
    one = image(
        "one", (23_000_000, 223_000_000, 3677), (34_000_000, 252_000_000, 2939), (84_000_000, 260_000_000, 1183)
    )
    two = image("two", (70_000_000, 231_000_000, 526), (67_000_000, 67_000_000, 4498), (48_000_000, 293_000_000, 3535))
    return one, two


def test_the_registry_sends_one_copy_of_every_layer() -> None:
    """However many nodes fetch other layers at the same time; the slow registry is what takes longest."""
    both = two_images()
    chosen = setting(runtime=Runtime(1, 1, streaming=True), nodes=5, pods=5, link=125e6, egress=1e6, peers=True)
    found = simulate(both, chosen)
    copy = sum(app.compressed_bytes for app in both)
    assert copy * (1 - 1e-6) <= found.egress_bytes < 1.1 * copy
    assert found.last > copy / 1e6
    faster = simulate(both, replace(chosen, cluster=replace(chosen.cluster, link=1250e6)))
    assert faster.last <= found.last


def test_a_node_that_waits_for_its_first_piece_does_not_hold_up_the_others() -> None:
    """Eight hold both images, so the rest hardly needs the registry, whatever it sends."""
    both = two_images()
    chosen = setting(nodes=40, crashed=13, pods=3, link=125e6, egress=1e6, warm=0.3, peers=True)
    slow, fast = (
        simulate(both, replace(chosen, cluster=replace(chosen.cluster, egress=rate))).last for rate in (1e6, 1e9)
    )
    assert slow <= fast * 1.05


def test_where_nobody_has_to_wait_for_others_the_node_link_is_the_limit() -> None:
    app = image("app", *((20_000_000, 0, 0) for _ in range(4)))
    found = simulate((app,), setting(nodes=12, crashed=2, pods=11, warm=0.9, peers=True))
    assert not {"peers", "registry egress", FIRST_PIECE} & set(found.limits)
