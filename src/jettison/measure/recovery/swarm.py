"""Nodes that hand layers on: what they can send of each layer, and how much of it the registry has to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping

from jettison.measure.recovery.model import Cluster
from jettison.measure.recovery.node import Fetch, Node


class Swarm:
    """``wanted`` are the nodes that want or hold each layer, ``holders`` those that hold all of them from the start."""

    def __init__(self, wanted: Mapping[str, int], holders: int, cluster: Cluster) -> None:
        self._wanted, self._holders, self._piece = wanted, holders, cluster.piece
        self._each = cluster.link * cluster.peer_share
        self._whole: Counter[str] = Counter()
        self._members: set[Node] = set()
        self._givers = holders

    def has(self, fetch: Fetch) -> bool:
        """Whether others want or hold the layer too."""
        return self._wanted.get(fetch.layer.digest, 0) > 1

    def first_piece(self, fetch: Fetch) -> float:
        """Seconds until peers have a piece to give: it doubles its holders each time that it is handed on."""
        rounds = math.log2(self._wanted[fetch.layer.digest] / max(1, self._holders))
        return rounds * min(self._piece, fetch.layer.compressed_bytes) / self._each

    def join(self, fetch: Fetch) -> None:
        """From now on the node has pieces to give, of this layer and then of others."""
        if fetch.node not in self._members:
            self._members.add(fetch.node)
            self._givers += fetch.node.group.count

    def arrived(self, fetch: Fetch) -> None:
        """The node has the whole layer."""
        self._whole[fetch.layer.digest] += fetch.node.group.count

    def divide(self, fetches: Iterable[Fetch], registry: str) -> Mapping[Hashable, float]:
        """Set the ``uses`` and the registry's ``part`` of flows that peers may serve; return what peers can send.

        The flows' rates must be those that the registry alone would give: it goes on giving them, less what peers
        can send in their place. One copy it sends in any case, unless a node has the whole layer.
        """
        by_layer: defaultdict[str, list[Fetch]] = defaultdict(list)
        for fetch in fetches:
            by_layer[fetch.layer.digest].append(fetch)
        total = sum(_nodes(same) for same in by_layer.values())
        found: dict[Hashable, float] = {}
        for digest, same in by_layer.items():
            loading, whole = _nodes(same), self._holders + self._whole[digest]
            sources = min(loading + whole - (0 if whole else 1), self._givers * loading / total)
            peers = sources * self._each if sources > 0 else 0.0
            part = max(_part(same, peers), 0.0 if whole else 1 / loading)
            found[digest] = peers
            for fetch in same:
                fetch.part, count = part, fetch.node.group.count
                fetch.flow.uses = ((registry, count * part), (digest, count * (1 - part)))
        return found


def _nodes(fetches: Iterable[Fetch]) -> int:
    return sum(fetch.node.group.count for fetch in fetches)


def _part(fetches: Iterable[Fetch], peers: float) -> float:
    """What the registry sends of each byte when it and peers together send all they can, or all that is asked for."""
    flows = [(fetch.flow, fetch.node.group.count) for fetch in fetches]
    asked = sum(flow.cap * count for flow, count in flows)
    most = min(asked, peers + sum(flow.rate * count for flow, count in flows))
    if not peers:
        return 1.0
    return max(0.0, 1 - peers / most) if most < math.inf else 0.0
