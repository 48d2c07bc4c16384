"""The simulation: between events everything flows at constant rates; at each event the rates are shared anew."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.links import CAP, share
from jettison.measure.recovery.model import Outcome, Setting, Terms
from jettison.measure.recovery.node import Fetch, Node
from jettison.measure.recovery.placement import Arrival, groups, holders
from jettison.measure.recovery.swarm import PEERS, Swarm

EGRESS, NODE_LINK = "registry egress", "node link"
#: What a layer waits for while peers have no piece of it and the registry cannot give all it could take.
FIRST_PIECE = "first piece"
#: Seconds below which two events are one.
_TOGETHER = 1e-9


def simulate(images: Sequence[ImageFacts], setting: Setting) -> Outcome:
    """How long until every pod of the crashed nodes is ready elsewhere. The same input gives the same result."""
    run = _Run(images, setting)
    run.go()
    return run.outcome()


class _Run:
    def __init__(self, images: Sequence[ImageFacts], setting: Setting) -> None:
        self.now = 0.0
        self._setting = setting
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._fetches: list[Fetch] = []
        self._changed = False
        self._egress_bytes = self._moved_bytes = self._moving = self._sending = 0.0
        self._limits: defaultdict[str, float] = defaultdict(float)
        self._nodes = [Node(group, images, setting, self) for group in groups(setting, images)]
        self._active: dict[Node, None] = {}
        self._swarm = Swarm(self._demand(images), holders(setting), setting.cluster) if setting.cluster.peers else None
        for node in self._nodes:
            for arrival in node.group.arrivals:
                self.after(arrival.time, partial(self._ask, node, arrival.image))

    def after(self, delay: float, action: Callable[[], None]) -> None:
        """A timer; of those at one time the first that was set goes first."""
        self._count += 1
        heapq.heappush(self._timers, (self.now + delay, self._count, action))

    def send(self, fetch: Fetch) -> None:
        """Let bytes flow from now on."""
        self._fetches.append(fetch)
        self._changed = True
        if self._swarm and self._swarm.has(fetch):
            fetch.alone = True
            self.after(self._swarm.first_piece(fetch), partial(self._join, self._swarm, fetch))

    def _join(self, swarm: Swarm, fetch: Fetch) -> None:
        fetch.alone = False
        self._changed = True
        swarm.join(fetch)

    def go(self) -> None:
        """Until nothing is left to happen."""
        while self._timers or self._fetches:
            if self._changed:
                self._share()
            self._advance(self._step())
            self._arrivals()
            while self._timers and self._timers[0][0] <= self.now + _TOGETHER:
                heapq.heappop(self._timers)[2]()

    def _ask(self, node: Node, image: int) -> None:
        node.ask(image)
        self._active[node] = None

    def _step(self) -> float:
        timer = self._timers[0][0] - self.now if self._timers else math.inf
        flow = min((fetch.flow.left / fetch.flow.rate for fetch in self._fetches), default=math.inf)
        return max(0.0, min(timer, flow))

    def _advance(self, seconds: float) -> None:
        if not seconds:
            return
        self.now += seconds
        for fetch in self._fetches:
            fetch.moved(seconds)
        self._moved_bytes += self._moving * seconds
        self._egress_bytes += self._sending * seconds
        for node in tuple(self._active):
            if node.idle:
                del self._active[node]
                continue
            for name, part in node.limited_by().items():
                self._limits[name] += part * seconds * node.group.count

    def _arrivals(self) -> None:
        done = [fetch for fetch in self._fetches if fetch.flow.left <= fetch.flow.rate * _TOGETHER]
        if not done:
            return
        gone = set(done)
        self._fetches = [fetch for fetch in self._fetches if fetch not in gone]
        self._changed = True
        for fetch in done:
            if self._swarm:
                self._swarm.arrived(fetch)
            fetch.node.arrived(fetch)

    def _share(self) -> None:
        self._changed = False
        self._rates()
        self._moving = self._sending = 0.0
        for fetch in self._fetches:
            fetch.node.changed()
            fetch.flow.limit = self._limit(fetch)
            moving = fetch.flow.rate * fetch.node.group.count
            self._moving += moving
            self._sending += moving * fetch.part

    def _rates(self) -> None:
        """What links carry. A node's own link is shared evenly by its layers, so it is a cap of each, not a link."""
        for fetch in self._fetches:
            fetch.flow.cap = min(self._setting.costs.connection, self._own_share(fetch))
        swarmed = [fetch for fetch in self._fetches if self._swarmed(fetch)]
        layers = self._swarm.layers(swarmed, EGRESS) if self._swarm else ()
        flows = [layer.registry for layer in layers]
        for fetch in self._fetches:
            if not self._swarmed(fetch):
                fetch.flow.uses, fetch.part = ((EGRESS, float(fetch.node.group.count)),), 1.0
                flows.append(fetch.flow)
        share(flows, {EGRESS: self._setting.cluster.egress})
        for layer in layers:
            layer.deliver()

    def _swarmed(self, fetch: Fetch) -> bool:
        return self._swarm is not None and not fetch.alone and self._swarm.has(fetch)

    def _limit(self, fetch: Fetch) -> str:
        if fetch.flow.limit == CAP:
            return NODE_LINK if self._own_share(fetch) <= self._setting.costs.connection else CAP
        if fetch.flow.limit == EGRESS:
            return FIRST_PIECE if fetch.alone else EGRESS
        return PEERS

    def _own_share(self, fetch: Fetch) -> float:
        return self._setting.cluster.link / len(fetch.node.fetches)

    def _demand(self, images: Sequence[ImageFacts]) -> Mapping[str, int]:
        """For each layer, the nodes that want or hold it."""
        wanted: defaultdict[str, int] = defaultdict(int)
        for node in self._nodes:
            numbers = {arrival.image for arrival in node.group.arrivals}
            for digest in {layer.digest for number in numbers for layer in images[number].layers} - node.group.held:
                wanted[digest] += node.group.count
        return {digest: count + holders(self._setting) for digest, count in wanted.items()}

    def outcome(self) -> Outcome:
        """What came out; the simulation has ended."""
        pods = sorted(self._pods(), key=lambda pod: pod[0].seconds)
        total = sum(count for _, count in pods)
        median, late = (_quantile(pods, share * total) for share in (0.5, 0.95))
        limited = sum(self._limits.values()) or 1.0
        return Outcome(
            nodes=self._setting.cluster.nodes,
            pods=total,
            pulling_nodes=sum(node.group.count for node in self._nodes if _pulled(node)),
            p50=median.seconds,
            p95=late.seconds,
            last=pods[-1][0].seconds,
            median_terms=median,
            last_terms=pods[-1][0],
            egress_bytes=self._egress_bytes,
            moved_bytes=self._moved_bytes,
            limits={name: seconds / limited for name, seconds in sorted(self._limits.items()) if seconds},
        )

    def _pods(self) -> Iterator[tuple[Terms, int]]:
        for node in self._nodes:
            for arrival in node.group.arrivals:
                yield self._terms(node, arrival), arrival.pods * node.group.count

    def _terms(self, node: Node, arrival: Arrival) -> Terms:
        waits, pull = self._setting.waits, node.pulls[arrival.image]
        begin, end = max(pull.begin, arrival.time), max(pull.end, arrival.time)
        return Terms(
            detect=waits.detect,
            toleration=waits.toleration,
            schedule=arrival.time - waits.detect - waits.toleration - waits.provision,
            provision=waits.provision,
            queue=begin - arrival.time,
            pull=end - begin,
            start=self._setting.costs.start,
        )


def _pulled(node: Node) -> bool:
    return any(pull.end > pull.begin for pull in node.pulls.values())


def _quantile(pods: Sequence[tuple[Terms, int]], wanted: float) -> Terms:
    """The terms of the first pod with which at least ``wanted`` pods are ready."""
    ready = 0
    for terms, count in pods:
        ready += count
        if ready >= wanted:
            return terms
    return pods[-1][0]
