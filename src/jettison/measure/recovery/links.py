"""Links that flows share fairly: the max-min fair rates (water filling)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

#: What a flow is limited by where no link is: its own ``cap``.
CAP = "connection"


@dataclass(slots=True, eq=False)
class Flow:
    """``left`` bytes on their way. ``uses`` are the links and how much of each one byte a second takes."""

    left: float
    uses: tuple[tuple[Hashable, float], ...]
    cap: float = math.inf
    rate: float = 0.0
    limit: Hashable = CAP


@dataclass(slots=True)
class _Link:
    room: float
    weight: float = 0.0
    flows: list[Flow] = field(default_factory=list)

    @property
    def level(self) -> float:
        """The rate at which the flows that are still open would fill it."""
        return max(self.room, 0.0) / self.weight if self.weight > 1e-12 else math.inf


def share(flows: Sequence[Flow], capacities: Mapping[Hashable, float]) -> None:
    """Set the ``rate`` of each flow, and the link (or ``CAP``) that limits it.

    All rates rise together; a flow stops at its cap or when a link that it uses is full. Links without a capacity
    in ``capacities`` limit nothing. The levels of links only rise while others stop, so a heap of old levels will do.
    """
    links: dict[Hashable, _Link] = {}
    for flow in flows:
        flow.rate = -1.0
        for key, weight in flow.uses:
            if key in capacities and capacities[key] < math.inf:
                link = links.setdefault(key, _Link(capacities[key]))
                link.weight += weight
                link.flows.append(flow)
    caps = sorted(flows, key=lambda flow: flow.cap, reverse=True)
    levels = [(link.level, number, key) for number, (key, link) in enumerate(links.items())]
    heapq.heapify(levels)
    while True:
        while caps and caps[-1].rate >= 0:
            caps.pop()
        if not caps:
            return
        level, number, key = levels[0] if levels else (math.inf, 0, CAP)
        if caps[-1].cap <= level:
            flow = caps.pop()
            _stop(flow, flow.cap, CAP, links)
            continue
        current = links[key].level
        heapq.heappop(levels)
        if current > level:
            if current < math.inf:
                heapq.heappush(levels, (current, number, key))
            continue
        for flow in links[key].flows:
            if flow.rate < 0:
                _stop(flow, level, key, links)


def _stop(flow: Flow, rate: float, limit: Hashable, links: Mapping[Hashable, _Link]) -> None:
    flow.rate, flow.limit = rate, limit
    for key, weight in flow.uses:
        if key in links:
            links[key].room -= weight * rate
            links[key].weight -= weight
