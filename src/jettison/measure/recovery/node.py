"""A node (or many alike) that pulls: images in a queue, layers fetched some at a time, unpacked as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from jettison.measure.model import ImageFacts, LayerFacts
from jettison.measure.recovery.links import Flow
from jettison.measure.recovery.model import Costs, Setting
from jettison.measure.recovery.placement import Group


class Clock(Protocol):
    """What the simulation gives a node: the time, timers and links."""

    now: float

    def after(self, delay: float, action: Callable[[], None]) -> None:
        """Do something later."""

    def send(self, fetch: Fetch) -> None:
        """Let a layer's bytes flow."""


@dataclass(slots=True, eq=False)
class Pull:
    """An image on its way: when it began and ended, and which layers are missing."""

    image: ImageFacts
    begin: float = 0.0
    end: float = 0.0
    fetching: int = 0
    pending: deque[LayerFacts] = field(default_factory=deque)
    order: deque[LayerFacts] = field(default_factory=deque)
    missing: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Fetch:
    """A layer on its way to a node. ``backlog`` is what came and is not unpacked, where it streams; ``alone``: the
    registry alone sends it, for peers have no piece of it yet; ``part`` is the share of its bytes that it sends now.
    """

    node: Node
    pull: Pull
    layer: LayerFacts
    flow: Flow
    streams: bool
    unpack_rate: float = 0.0
    backlog: float = 0.0
    alone: bool = False
    part: float = 1.0

    def moved(self, seconds: float) -> None:
        """Account for some time at the present rate."""
        self.flow.left -= self.flow.rate * seconds
        if self.streams:
            self.backlog = max(0.0, self.backlog + (self.flow.rate - self.unpack_rate) * seconds)


def unpack_terms(layer: LayerFacts, costs: Costs) -> dict[str, float]:
    """The seconds of unpacking a layer, by what they are for."""
    codec, disk = layer.uncompressed_bytes / costs.codec, layer.uncompressed_bytes / costs.disk
    slower = "decompression" if codec >= disk else "disk"
    return {slower: max(codec, disk), "files": layer.files * costs.per_file, "per layer": costs.per_layer}


class Node:
    """One group of nodes as an automaton; ``pulls`` has, for each image number, when it was pulled."""

    def __init__(self, group: Group, images: Sequence[ImageFacts], setting: Setting, clock: Clock) -> None:
        self.group, self.clock = group, clock
        self.costs, self.runtime = setting.costs, setting.runtime
        self.pulls: dict[int, Pull] = {}
        self.fetches: list[Fetch] = []
        self.unpacking: list[LayerFacts] = []
        self.active: list[Pull] = []
        self._images = images
        self._queue: deque[Pull] = deque()
        self._done = set(group.held)
        self._asked: set[str] = set()
        self._slots = 0
        self._allowed = 0.0
        self._limits: Mapping[str, float] | None = None

    def ask(self, number: int) -> None:
        """The kubelet wants an image for a pod."""
        if number in self.pulls:
            return
        pull = self.pulls[number] = Pull(self._images[number], self.clock.now, self.clock.now)
        if {layer.digest for layer in pull.image.layers} <= self._done:
            return
        self._queue.append(pull)
        self._next()

    def _next(self) -> None:
        """Begin pulls, as many as the kubelet lets: a bucket of ``burst`` tokens that fills at ``qps``."""
        most = 1 if self.runtime.serial else self.runtime.images
        while self._queue and len(self.active) < most:
            token = 1 / self.runtime.qps
            wait = self._allowed - (self.runtime.burst - 1) * token - self.clock.now
            if wait > 1e-9:
                self.clock.after(wait, self._next)
                return
            self._allowed = max(self._allowed, self.clock.now) + token
            pull = self._queue.popleft()
            self.active.append(pull)
            pull.begin = self.clock.now
            self.clock.after(self.costs.image_trips * self.costs.round_trip, partial(self._open, pull))

    def _open(self, pull: Pull) -> None:
        layers = {layer.digest: layer for layer in pull.image.layers if layer.digest not in self._done}
        pull.missing = set(layers)
        pull.pending = deque(layer for digest, layer in layers.items() if digest not in self._asked)
        pull.order = deque(pull.pending)
        self._asked.update(layers)
        self._fill(pull)
        self._end_if_whole(pull)

    def _fill(self, pull: Pull) -> None:
        """Ask for layers until as many are on their way as may be."""
        while pull.pending and pull.fetching < self.runtime.fetches:
            layer = pull.pending.popleft()
            pull.fetching += 1
            streams = self.runtime.streaming and self._slots < self.runtime.unpacks
            self._slots += streams
            delay = self.costs.trips * self.costs.round_trip
            self.clock.after(delay, partial(self._send, pull, layer, streams))

    def _send(self, pull: Pull, layer: LayerFacts, streams: bool) -> None:
        flow = Flow(float(layer.compressed_bytes), (), self.costs.connection)
        seconds = sum(unpack_terms(layer, self.costs).values()) - self.costs.per_layer
        rate = layer.compressed_bytes / seconds if seconds > 0 else float("inf")
        fetch = Fetch(self, pull, layer, flow, streams and layer.compressed_bytes > 0, rate)
        self.changed()
        if streams:
            self.unpacking.append(layer)
        if streams and not fetch.streams:
            self.clock.after(seconds + self.costs.per_layer, partial(self._unpacked, pull, layer))
            return
        self.fetches.append(fetch)
        self.clock.send(fetch)

    def arrived(self, fetch: Fetch) -> None:
        """All bytes of a layer are there."""
        self.fetches.remove(fetch)
        self.changed()
        pull, layer = fetch.pull, fetch.layer
        if fetch.streams:
            rest = fetch.backlog / fetch.unpack_rate + self.costs.per_layer
            self.clock.after(rest, partial(self._unpacked, pull, layer))
            return
        pull.fetched.add(layer.digest)
        if not self.runtime.streaming:
            pull.fetching -= 1
            self._fill(pull)
        self._unpack()

    def _unpack(self) -> None:
        """Unpack what is there; without streaming strictly from the lowest layer up, as snapshots are stacked."""
        for pull in self.active:
            for layer in self._unpackable(pull):
                if self._slots >= self.runtime.unpacks:
                    return
                self._slots += 1
                pull.order.remove(layer)
                pull.fetched.discard(layer.digest)
                self.unpacking.append(layer)
                self.changed()
                seconds = sum(unpack_terms(layer, self.costs).values())
                self.clock.after(seconds, partial(self._unpacked, pull, layer))

    def _unpackable(self, pull: Pull) -> Iterator[LayerFacts]:
        for layer in tuple(pull.order):
            if layer.digest in pull.fetched:
                yield layer
            elif not self.runtime.streaming:
                return

    def _unpacked(self, pull: Pull, layer: LayerFacts) -> None:
        self._slots -= 1
        self.unpacking.remove(layer)
        self.changed()
        self._done.add(layer.digest)
        if self.runtime.streaming:
            pull.fetching -= 1
        for other in tuple(self.active):
            if layer.digest in other.missing:
                other.missing.discard(layer.digest)
                self._end_if_whole(other)
        self._unpack()
        if self.runtime.streaming:
            self._fill(pull)

    def _end_if_whole(self, pull: Pull) -> None:
        if not pull.missing:
            self.clock.after(self.costs.per_image, partial(self._end, pull))

    def _end(self, pull: Pull) -> None:
        pull.end = self.clock.now
        self.active.remove(pull)
        self._next()

    @property
    def idle(self) -> bool:
        """Nothing is on its way or waits for its turn."""
        return not self.active and not self._queue

    def limited_by(self) -> Mapping[str, float]:
        """What limits the node now, as shares: links while bytes flow, else what unpacking costs, else waiting.

        Kept until ``changed`` is called: it is asked at every event, and most are of other nodes.
        """
        if self._limits is None:
            self._limits = self._limited_by()
        return self._limits

    def changed(self) -> None:
        """Rates, or what is on its way or unpacked, are not what they were."""
        self._limits = None

    def _limited_by(self) -> Mapping[str, float]:
        if self.fetches:
            found: dict[str, float] = {}
            for fetch in self.fetches:
                for name, share in self._limit(fetch).items():
                    found[name] = found.get(name, 0.0) + share / len(self.fetches)
            return found
        if self.unpacking:
            return _shares(unpack_terms(self.unpacking[0], self.costs))
        return {"round trips": 1.0}

    def _limit(self, fetch: Fetch) -> Mapping[str, float]:
        if fetch.streams and (fetch.backlog > 0 or fetch.flow.rate > fetch.unpack_rate):
            return _shares(unpack_terms(fetch.layer, self.costs))
        return {str(fetch.flow.limit): 1.0}


def _shares(terms: Mapping[str, float]) -> dict[str, float]:
    total = sum(terms.values()) or 1.0
    return {name: seconds / total for name, seconds in terms.items()}
