"""Which node runs which pods of the crashed ones, and from when: nodes to which the same happens are one group."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jettison.measure.model import ImageFacts
from jettison.measure.recovery.model import Setting

#: Where pods come at more moments than this, they come in as many waves: each is rounded up to the next one.
WAVES = 64


@dataclass(frozen=True, slots=True)
class Arrival:
    """A node is told, at ``time``, to run ``pods`` pods of the image with this number."""

    time: float
    image: int
    pods: int


@dataclass(frozen=True, slots=True)
class Group:
    """``count`` nodes to which the same pods come, and which hold the same ``layers`` already."""

    count: int
    arrivals: tuple[Arrival, ...]
    held: frozenset[str]


def groups(setting: Setting, images: Sequence[ImageFacts]) -> tuple[Group, ...]:
    """The nodes that get pods, those with the same ones together; each image's pods are spread over the survivors."""
    came: defaultdict[int, Counter[tuple[float, int]]] = defaultdict(Counter)
    for number, time in enumerate(_times(setting)):
        crashed, pod = divmod(number, setting.cluster.pods)
        came[_node(setting, len(images), crashed, pod)][time, pod % len(images)] += 1
    alike: Counter[tuple[tuple[Arrival, ...], frozenset[str]]] = Counter()
    for node, pods in came.items():
        arrivals = tuple(Arrival(time, image, count) for (time, image), count in sorted(pods.items()))
        alike[arrivals, _held(setting, images, node)] += 1
    return tuple(Group(count, arrivals, held) for (arrivals, held), count in alike.items())


def holders(setting: Setting) -> int:
    """Survivors that hold the whole image, whether pods come to them or not."""
    cluster = setting.cluster
    return math.floor((cluster.nodes - cluster.crashed) * cluster.warm + 1e-9)


def _times(setting: Setting) -> Iterator[float]:
    """When each pod has a node, from the crash on; the pods of one crashed node follow each other."""
    waits, cluster = setting.waits, setting.cluster
    ready = waits.detect + waits.toleration + waits.schedule + waits.provision
    total = cluster.crashed * cluster.pods
    free, delays = 0.0, []
    for pod in range(total):
        free = max(free + 1 / waits.bindings, pod // cluster.pods / waits.evictions)
        delays.append(free)
    step = 0.0 if total <= WAVES else delays[-1] / WAVES
    for delay in delays:
        yield ready + (math.ceil(delay / step - 1e-9) * step if step else delay)


def _node(setting: Setting, images: int, crashed: int, pod: int) -> int:
    """The survivors stand in a circle; the pods of one image go to one after the other, then those of the next."""
    cluster = setting.cluster
    if setting.waits.fresh:
        return crashed
    image, turn = pod % images, pod // images
    each = [len(range(number, cluster.pods, images)) for number in range(image + 1)]
    return (cluster.crashed * sum(each[:image]) + crashed * each[image] + turn) % (cluster.nodes - cluster.crashed)


def _held(setting: Setting, images: Sequence[ImageFacts], node: int) -> frozenset[str]:
    """What this node holds: warm nodes and those with the base are spread evenly; a fresh node holds nothing."""
    cluster = setting.cluster
    if setting.waits.fresh:
        return frozenset()
    if _chosen(node, cluster.warm):
        return frozenset(layer.digest for image in images for layer in image.layers) | cluster.base
    return cluster.base if cluster.base and _chosen(node, cluster.based) else frozenset()


def _chosen(node: int, share: float) -> bool:
    return math.floor((node + 1) * share + 1e-9) > math.floor(node * share + 1e-9)
