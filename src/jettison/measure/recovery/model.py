"""What recovery depends on and what comes out. Times are in seconds, sizes in bytes, rates in bytes a second."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from jettison.errors import InvalidInput
from jettison.measure.model import ImageFacts

#: Bounds of what is modelled: more is refused rather than computed for hours.
MAX_NODES = 100_000
MAX_PODS = 500
MAX_MOVED = 1_000_000
#: No wait is longer (about thirty years), and no rate is lower: sums stay numbers.
MAX_SECONDS, LEAST_RATE = 1e9, 1e-9


@dataclass(frozen=True, slots=True)
class Costs:
    """What a pull costs on one node. ``calibrated`` says whether it was measured or taken from the documented defaults.

    ``trips`` round trips for each layer and ``image_trips`` for each image (ping, token, manifest, configuration);
    ``connection`` is the most that one connection moves. Unpacking a layer takes ``max(uncompressed / codec,
    uncompressed / disk) + files * per_file + per_layer``; ``start`` is from the image being there to ready.
    """

    round_trip: float
    trips: float
    image_trips: float
    codec: float
    disk: float
    per_file: float
    per_layer: float
    start: float
    connection: float = math.inf
    per_image: float = 0.0
    calibrated: bool = False

    def __post_init__(self) -> None:
        for name in ("round_trip", "trips", "image_trips", "per_file", "per_layer", "start", "per_image"):
            _check(name, getattr(self, name), zero=True)
        for name in ("codec", "disk", "connection"):
            _check(name, getattr(self, name), zero=False)


@dataclass(frozen=True, slots=True)
class Runtime:
    """How a node pulls: ``fetches`` layers at a time, ``unpacks`` at a time; ``streaming`` unpacks while it fetches.

    The defaults are containerd's: three, one at a time, from the lowest up, each when it is whole.
    ``serial``: the kubelet pulls one image after another (``serializeImagePulls``); else ``images`` at a time.
    ``qps`` and ``burst`` are its limit on the pulls that it starts.
    """

    fetches: int = 3
    unpacks: int = 1
    streaming: bool = False
    serial: bool = True
    images: int = MAX_PODS
    qps: float = 5.0
    burst: int = 10

    def __post_init__(self) -> None:
        for name in ("fetches", "unpacks", "images", "qps", "burst"):
            _check(name, getattr(self, name), zero=False)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The machines and their links. ``warm`` and ``based`` are shares of the survivors that hold the whole image, or
    the layers named by ``base``; ``peers``: nodes hand layers on to each other, each at ``peer_share`` of its link.
    """

    nodes: int
    pods: int = 30
    crashed: int = 1
    link: float = 125e6
    egress: float = math.inf
    warm: float = 0.0
    based: float = 1.0
    base: frozenset[str] = frozenset()
    peers: bool = False
    peer_share: float = 0.5
    piece: int = 4 << 20

    def __post_init__(self) -> None:
        for name in ("link", "egress", "peer_share", "piece"):
            _check(name, getattr(self, name), zero=False)
        for name in ("warm", "based"):
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidInput(f"cannot model {name} {getattr(self, name)}: it is a share from 0 to 1")
        if not 2 <= self.nodes <= MAX_NODES:
            raise InvalidInput(f"cannot model {self.nodes} nodes: from 2 to {MAX_NODES} are modelled")
        if not 1 <= self.crashed < self.nodes:
            raise InvalidInput(f"cannot model {self.crashed} crashed of {self.nodes} nodes: at least one must survive")
        if not 1 <= self.pods <= MAX_PODS:
            raise InvalidInput(f"cannot model {self.pods} pods on a node: from 1 to {MAX_PODS} are modelled")
        if self.crashed * self.pods > MAX_MOVED:
            raise InvalidInput(
                f"cannot model {self.crashed} crashed nodes of {self.pods} pods: more than {MAX_MOVED} pods"
            )


@dataclass(frozen=True, slots=True)
class Waits:
    """What passes before a node is told to run a pod. ``evictions`` is the nodes a second whose pods are evicted,
    ``bindings`` the pods a second that are scheduled; ``fresh``: each crashed node's pods go to one new, cold node.
    """

    detect: float
    toleration: float
    schedule: float
    bindings: float = 100.0
    provision: float = 0.0
    evictions: float = math.inf
    fresh: bool = False

    def __post_init__(self) -> None:
        for name in ("detect", "toleration", "schedule", "provision"):
            _check(name, getattr(self, name), zero=True)
        for name in ("bindings", "evictions"):
            _check(name, getattr(self, name), zero=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything but the images. The pods of a crashed node run the images of a workload in turn."""

    costs: Costs
    runtime: Runtime
    cluster: Cluster
    waits: Waits


@dataclass(frozen=True, slots=True)
class Terms:
    """Where the time of one pod went; their sum is the time until it was ready."""

    detect: float
    toleration: float
    schedule: float
    provision: float
    queue: float
    pull: float
    start: float

    @property
    def seconds(self) -> float:
        before = self.detect + self.toleration + self.schedule + self.provision
        return before + self.queue + self.pull + self.start


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cluster's recovery. ``limits`` are the shares of the nodes' pulling time in which each thing was what
    limited it, and sum to one; ``last_terms`` and ``median_terms`` are those of the last pod and of the median one.
    """

    nodes: int
    pods: int
    pulling_nodes: int
    p50: float
    p95: float
    last: float
    median_terms: Terms
    last_terms: Terms
    egress_bytes: float
    moved_bytes: float
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gains:
    """What removing bytes or files from the image is worth to the median and the last pod, in seconds."""

    nodes: int
    median_per_megabyte: float
    last_per_megabyte: float
    median_per_thousand_files: float
    last_per_thousand_files: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """Before and after over clusters of several sizes, and what was assumed."""

    scenario: str
    before: ImageFacts
    after: ImageFacts
    outcomes: tuple[tuple[Outcome, Outcome], ...]
    gains: tuple[Gains, ...]
    setting: Setting
    notes: tuple[str, ...] = ()
    also: tuple[ImageFacts, ...] = ()


def _check(name: str, value: float, *, zero: bool) -> None:
    """Of a time or a number, which may be zero, or of a rate, which may be endless."""
    if zero and not 0 <= value <= MAX_SECONDS:
        raise InvalidInput(f"cannot model {name} {value}: it must be from 0 to {MAX_SECONDS:g}")
    if not zero and not value >= LEAST_RATE:
        raise InvalidInput(f"cannot model {name} {value}: it must be more than zero")
