"""Peers: what they hand on comes on top of what the registry sends, so that asking them is never slower."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Outcome, Setting
from jettison.measure.recovery.simulate import FIRST_PIECE, simulate
from recovery_samples import IMAGES, SETTINGS, image, many, setting

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
