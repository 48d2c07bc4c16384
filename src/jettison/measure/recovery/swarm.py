"""Nodes that hand layers on: what they can send of each layer, and how much of it the registry has to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jettison.measure.recovery.links import Flow, share
from jettison.measure.recovery.model import Cluster
from jettison.measure.recovery.node import Fetch, Node

PEERS = "peers"


class Swarm:
    """``wanted`` are the nodes that want or hold each layer, ``holders`` those that hold all of them from the start."""

    def __init__(self, wanted: Mapping[str, int], holders: int, cluster: Cluster) -> None:
        self._wanted, self._holders, self._piece = wanted, holders, cluster.piece
        self._each = cluster.link * cluster.peer_share
        self._having: Counter[str] = Counter()
        self._whole: Counter[str] = Counter()
        self._members: set[Node] = set()
        self._givers = holders

    def has(self, fetch: Fetch) -> bool:
        """Whether others want or hold the layer too."""
        return self._wanted.get(fetch.layer.digest, 0) > 1

    def first_piece(self, fetch: Fetch) -> float:
        """Seconds until peers have a piece to give: it doubles its holders each time that it is handed on."""
        digest = fetch.layer.digest
        having = self._holders + self._having[digest]
        rounds = math.log2(self._wanted[digest] / having if having else 1 + self._wanted[digest])
        return rounds * min(self._piece, fetch.layer.compressed_bytes) / self._each

    def join(self, fetch: Fetch) -> None:
        """From now on the node has pieces to give, of this layer and then of others."""
        self._having[fetch.layer.digest] += fetch.node.group.count
        if fetch.node not in self._members:
            self._members.add(fetch.node)
            self._givers += fetch.node.group.count

    def arrived(self, fetch: Fetch) -> None:
        """The node has the whole layer."""
        self._whole[fetch.layer.digest] += fetch.node.group.count

    def layers(self, fetches: Iterable[Fetch], registry: str) -> Sequence[Layer]:
        """What is on its way and peers may serve, each with what it asks of the registry."""
        by_digest: defaultdict[str, list[Fetch]] = defaultdict(list)
        for fetch in fetches:
            by_digest[fetch.layer.digest].append(fetch)
        total = sum(_nodes(same) for same in by_digest.values())
        return [self._layer(digest, same, total, registry) for digest, same in by_digest.items()]

    def _layer(self, digest: str, fetches: list[Fetch], total: int, registry: str) -> Layer:
        """What the senders' links carry is divided by how many nodes want each layer; none asks itself."""
        loading, whole = _nodes(fetches), self._holders + self._whole[digest]
        sources = min(loading + whole - (0 if whole else 1), self._givers * loading / total)
        peers = sources * self._each if sources > 0 else 0.0
        asked = sum(fetch.flow.cap * fetch.node.group.count for fetch in fetches)
        copy = 0.0 if whole else 1 / loading
        least = max(asked - peers if asked > peers else 0.0, asked * copy if copy else 0.0)
        flow = Flow(0.0, ((registry, float(loading)),), least / loading)
        return Layer(fetches, loading, asked, peers, copy, flow)


@dataclass(slots=True, eq=False)
class Layer:
    """A layer that ``loading`` nodes fetch. ``asked`` is what their links take, ``peers`` what others can send;
    ``copy`` is the share of the bytes that the registry sends in any case: one copy, unless a node has it whole.
    ``registry`` is what it sends to each, as a flow with others.
    """

    fetches: Sequence[Fetch]
    loading: int
    asked: float
    peers: float
    copy: float
    registry: Flow

    def deliver(self) -> None:
        """Set the rates of the layer's flows from what the registry gives, and what peers add to that."""
        given = self.registry.rate * self.loading
        copied = given / self.copy if self.copy else math.inf
        all_sent = min(self.asked, self.peers + given, copied)
        key = self.registry.uses[0][0] if copied < self.peers + given else PEERS
        for fetch in self.fetches:
            fetch.flow.uses = ((key, float(fetch.node.group.count)),)
            fetch.part = min(1.0, given / all_sent) if all_sent < math.inf else self.copy
        share([fetch.flow for fetch in self.fetches], {key: all_sent if all_sent < self.asked else math.inf})


def _nodes(fetches: Iterable[Fetch]) -> int:
    return sum(fetch.node.group.count for fetch in fetches)
