"""Images and settings for the tests of recovery."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from jettison.measure.model import ImageFacts, LayerFacts
from jettison.measure.recovery.model import Cluster, Costs, Runtime, Setting, Waits

COSTS = Costs(0.01, 2, 4, codec=100e6, disk=50e6, per_file=0.001, per_layer=0.1, start=0.5)
NO_WAIT = Waits(0, 0, 0, bindings=1e9)


def image(name: str, *layers: tuple[int, int, int]) -> ImageFacts:
    """Layers are compressed bytes, uncompressed bytes and files."""
    found = tuple(LayerFacts(f"{name}-{number}", *layer) for number, layer in enumerate(layers))
    return ImageFacts(
        name, name, sum(layer[0] for layer in layers), sum(layer[1] for layer in layers),
        sum(layer[2] for layer in layers), found,
    )  # fmt: skip


def setting(costs: Costs = COSTS, runtime: Runtime | None = None, waits: Waits = NO_WAIT, **cluster: Any) -> Setting:
    """One node of two crashes, with one pod, unless said otherwise."""
    values = {"nodes": 2, "pods": 1, "link": 10e6, "egress": math.inf} | cluster
    return Setting(costs, runtime or Runtime(), Cluster(**values), waits)


def many(**values: Any) -> Setting:
    """A cluster of 10,000 nodes of which a third crashes."""
    found = setting(nodes=10_000, pods=30, crashed=3_333, egress=1e9)
    return replace(found, cluster=replace(found.cluster, **values))


LAYERS = st.tuples(st.integers(0, 10**8), st.integers(0, 3 * 10**8), st.integers(0, 10_000))
IMAGES = st.lists(LAYERS, min_size=1, max_size=6).map(lambda layers: image("app", *layers))
#: Every layer that streams has a slot: where it may wait for one, a layer that comes earlier can take another's.
RUNTIMES = st.builds(
    lambda fetches, unpacks, streaming, serial: Runtime(
        fetches, max(fetches, unpacks) if streaming else unpacks, streaming, serial
    ),
    st.integers(1, 6), st.integers(1, 4), st.booleans(), st.booleans(),
)  # fmt: skip
CLUSTERS = st.builds(
    lambda nodes, crashed, **values: Cluster(nodes=nodes + crashed, crashed=crashed, **values),
    nodes=st.integers(1, 40), crashed=st.integers(1, 10), pods=st.integers(1, 8),
    link=st.floats(1e6, 1e9), egress=st.floats(1e6, 1e10) | st.just(math.inf), warm=st.sampled_from((0.0, 0.3, 1.0)),
)  # fmt: skip
SETTINGS = st.builds(
    Setting,
    st.just(COSTS),
    RUNTIMES,
    CLUSTERS,
    st.builds(Waits, st.just(40.0), st.just(5.0), st.just(1.0), evictions=st.sampled_from((0.1, math.inf))),
)
