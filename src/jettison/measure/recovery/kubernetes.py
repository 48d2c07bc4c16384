"""What Kubernetes does after a crash unless it is told otherwise, and what a node costs where nothing was measured.

Sources: the Kubernetes reference of kube-controller-manager and of the KubeletConfiguration, the page "Taints and
Tolerations", the cluster autoscaler's list of parameters; containerd's and Docker's default configuration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from jettison.measure.recovery.model import Costs, Runtime, Setting, Waits

#: Until a node that does not answer is NotReady (node-monitor-grace-period); 40 s before Kubernetes 1.32.
DETECT = 50.0
#: What every pod is given for the taints not-ready and unreachable (default-not-ready-toleration-seconds).
TOLERATION = 300.0
#: Nodes a second whose pods are evicted (node-eviction-rate): with many nodes gone, the last waits long.
EVICTIONS = 0.1
#: Assumed: until the controller has made another pod and the scheduler has found a node for it.
SCHEDULE = 1.0
#: Assumed: until a new machine has booted and joined the cluster; clouds take from half a minute to several.
PROVISION = 60.0
#: Assumed: what an operator writes who wants his pods back soon.
SHORT_TOLERATION = 10.0
#: How often the horizontal pod autoscaler looks, and how often the cluster autoscaler does.
POD_AUTOSCALER, NODE_AUTOSCALER = 15.0, 10.0


class Scenario(StrEnum):
    """Why pods need images on nodes that may not have them."""

    EVICTION = "eviction"
    SHORT_TOLERATION = "short-toleration"
    NODE_REPLACEMENT = "node-replacement"
    AUTOSCALING = "autoscaling"


@dataclass(frozen=True, slots=True)
class Defaults:
    """A scenario's waits, and what they mean in a sentence."""

    waits: Waits
    meaning: str


DEFAULTS = {
    Scenario.EVICTION: Defaults(
        Waits(DETECT, TOLERATION, SCHEDULE, evictions=EVICTIONS),
        "Kubernetes as it comes waits about 350 s before it evicts: 50 s until the node counts as not ready and 300 s "
        "that every pod tolerates. Next to that a pull hardly matters; with short tolerations, node replacement or "
        "autoscaling it is what everybody waits for.",
    ),
    Scenario.SHORT_TOLERATION: Defaults(
        Waits(DETECT, SHORT_TOLERATION, SCHEDULE, evictions=EVICTIONS),
        "The pods say that they tolerate a node that is not ready for 10 s (tolerationSeconds) instead of the 300 s "
        "that Kubernetes gives them, about 350 s in all; so the pull matters.",
    ),
    Scenario.NODE_REPLACEMENT: Defaults(
        Waits(DETECT, 0.0, SCHEDULE, provision=PROVISION, fresh=True),
        "The crashed node is deleted and a new one takes its place (60 s to boot and join are assumed): its pods need "
        "not wait out the toleration of 300 s, and all of them pull on one node that has no image yet.",
    ),
    Scenario.AUTOSCALING: Defaults(
        Waits(POD_AUTOSCALER + NODE_AUTOSCALER, 0.0, SCHEDULE, provision=PROVISION, fresh=True),
        "No node crashed: load grew, the autoscalers saw it (15 s and 10 s at the most) and add nodes (60 s to boot "
        "and join are assumed). The pods of each new node pull on a node that has no image yet.",
    ),
}

SERIAL = (
    "The kubelet pulls one image after another (serializeImagePulls is true by default), and no more than 5 a second "
    "after the first 10 (registryPullQPS, registryBurst)."
)
PARALLEL = "The kubelet pulls {images} at a time (serializeImagePulls: false, maxParallelImagePulls)."


def jettison(processors: int) -> Runtime:
    """How ``jettison pull --unpack`` works: six layers at a time, unpacked while they come, one for each processor."""
    return Runtime(fetches=6, unpacks=processors, streaming=True)


#: What a node costs where no measurement is given: gzip and files as measured for the documentation (docs/recovery.md).
COSTS = Costs(
    round_trip=0.001,
    trips=2.0,
    image_trips=4.0,
    codec=200e6,
    disk=400e6,
    per_file=0.00017,
    per_layer=0.05,
    start=0.5,
    connection=math.inf,
)

#: Of the bits on an Ethernet link, the share that is content: a segment carries 1,448 bytes (RFC 9293, section 3.7.1
#: with timestamps) in a frame of 1,514.
PAYLOAD = 1448 / 1514


def payload(bits: float) -> float:
    """Bytes of content a second that a link of so many bits a second moves."""
    return bits / 8 * PAYLOAD


def notes(scenario: Scenario, setting: Setting) -> tuple[str, ...]:
    """What was assumed, in sentences."""
    runtime, cluster, costs, waits = setting.runtime, setting.cluster, setting.costs, setting.waits
    pulls = SERIAL if runtime.serial else PARALLEL.format(images=runtime.images)
    unpacking = "while they come" if runtime.streaming else "each when it is whole, from the lowest up"
    source = "from what jettison bench measured" if costs.calibrated else "not calibrated (documented defaults)"
    egress = "without a limit" if math.isinf(cluster.egress) else f"at {_bits(cluster.egress)}"
    found = [
        DEFAULTS[scenario].meaning,
        pulls,
        f"A node fetches {runtime.fetches} layers at a time and unpacks {runtime.unpacks}, {unpacking}.",
        f"Links: {_bits(cluster.link)} a node; the registry sends {egress}; a round trip takes "
        f"{1000 * costs.round_trip:.3g} ms; what headers take is subtracted.",
        f"Unpacking, {source}: {_unpacking(costs)}; a container is ready {costs.start:.3g} s after its image.",
        f"{100 * cluster.warm:g} % of the survivors hold the whole image.",
    ]
    if not math.isinf(waits.evictions):
        found.append(
            f"The pods of {waits.evictions:g} nodes a second are evicted (node-eviction-rate). Where more than 55 % of "
            "a zone is gone but not all of it, Kubernetes evicts ten times slower, or in small clusters not at all."
        )
    if cluster.peers:
        found.append(
            f"Nodes hand layers on to each other, each at {100 * cluster.peer_share:g} % of its link, and ask the "
            "registry for what is left, at least one copy."
        )
    return tuple(found)


def _bits(rate: float) -> str:
    """A rate of content as that of its link."""
    bits = rate * 8 / PAYLOAD
    return f"{bits / 1e9:g} Gbit/s" if bits >= 1e9 else f"{bits / 1e6:g} Mbit/s"


def _unpacking(costs: Costs) -> str:
    disk = "" if math.isinf(costs.disk) else f", the disk {costs.disk / 1e6:.0f} MB/s"
    each = f"{1000 * costs.per_file:.3g} ms a file, {1000 * costs.per_layer:.3g} ms a layer"
    return f"decompression {costs.codec / 1e6:.0f} MB/s{disk}, {each}, {1000 * costs.per_image:.3g} ms an image"
