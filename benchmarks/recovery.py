"""The model of ``jettison recover`` beside real pulls by 1, 2, 4 and 8 clients behind shaped links.

``sudo .venv/bin/python benchmarks/recovery.py`` makes network namespaces: a registry with a limited egress, a switch,
and clients with a link each; every client pulls into a store of its own, in memory, and unpacks while it fetches. The
model's constants are fitted to half of the images and predict the others. Writes ``benchmarks/results/recovery-*.md``
and ``.json``. Needs root, docker-registry, iproute2, about eight minutes and little else on the machine.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from recovery_images import SYNTHETIC, make
from recovery_report import Pulled, Row, markdown

from jettison.measure.model import ImageFacts
from jettison.measure.recovery import calibrate, kubernetes
from jettison.measure.recovery.facts import facts
from jettison.measure.recovery.model import Cluster, Costs, Setting, Waits
from jettison.oci import transfer
from jettison.oci.layout import Store
from jettison.runtime import NetworkNamespace, inside, kernel, network
from measure import machine

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = (1, 2, 4, 8)
#: Megabits a second.
LINK, EGRESS = 80, 150
RUNS, SEED = 2, 1
REAL = ("bench-busybox:latest", "go-single-stage:small", "redis:small", "node-onbuild:small", "lua:small")
AIM = 0.15
#: Constants before they are fitted; there is no disk, since the clients' stores are in memory.
BEGIN = Costs(0.0005, 2, 4, codec=200e6, disk=float("inf"), per_file=2e-4, per_layer=0.02, start=0.0, per_image=0.05)
PORT = 5000


def setting(clients: int) -> Setting:
    """The same for the model: as many survivors as clients, and a pod for each."""
    cluster = Cluster(
        nodes=clients + 1, pods=clients, link=kubernetes.payload(LINK * 1e6), egress=kubernetes.payload(EGRESS * 1e6)
    )
    return Setting(BEGIN, kubernetes.jettison(os.cpu_count() or 1), cluster, Waits(0, 0, 0, bindings=1e9))


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def shape(device: str, rate: int) -> None:
    limits = ["rate", f"{rate}mbit", "burst", "64kb", "latency", "50ms"]
    subprocess.run(["tc", "qdisc", "replace", "dev", device, "root", "tbf", *limits], check=True)


@contextmanager
def net(clients: int) -> Iterator[tuple[NetworkNamespace, Sequence[NetworkNamespace]]]:
    """A switch with the registry (which sends at ``EGRESS``) and the clients (which are sent at ``LINK`` each)."""
    with ExitStack() as stack:
        switch, *ends = (stack.enter_context(network()) for _ in range(clients + 2))
        inside(switch, ip, "link", "add", "switch", "type", "bridge")
        inside(switch, ip, "link", "set", "switch", "up")
        for number, end in enumerate(ends):
            port = f"port{number}"
            peer = ("peer", "name", port, "netns", switch.path)
            inside(end, ip, "link", "add", "eth", "type", "veth", *peer)
            inside(end, ip, "address", "add", f"198.18.0.{number + 1}/24", "dev", "eth")
            inside(end, ip, "link", "set", "eth", "up")
            inside(switch, ip, "link", "set", port, "master", "switch", "up")
            if number:
                inside(switch, shape, port, LINK)
        inside(ends[0], shape, "eth", EGRESS)
        yield ends[0], ends[1:]


@contextmanager
def registry(namespace: NetworkNamespace, directory: Path) -> Iterator[str]:
    """docker-registry in that namespace."""
    configuration = directory / "registry.yml"
    configuration.write_text(
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {directory}/registry}}}}\nhttp: {{addr: ':{PORT}'}}\n"
    )

    def begin() -> subprocess.Popen[bytes]:
        output = subprocess.DEVNULL
        return subprocess.Popen(["docker-registry", "serve", configuration], stdout=output, stderr=output)

    process = inside(namespace, begin)
    try:
        time.sleep(1.0)
        yield f"198.18.0.1:{PORT}"
    finally:
        process.terminate()
        process.wait()


def client(namespace: NetworkNamespace, reference: str, store: Path, gate: Any, times: Any) -> None:
    """In a process of its own: wait for the others, pull and unpack, say how long it took."""
    kernel.setns(namespace.descriptor, kernel.CLONE_NEWNET)
    own, wanted = Store.open(store), transfer.in_registry(reference, "pull")
    gate.wait()
    began = time.monotonic()
    transfer.pull(own, wanted, insecure=True, unpack=True)
    times.put(time.monotonic() - began)


def pull(namespaces: Sequence[NetworkNamespace], reference: str) -> float:
    """All clients at once, each with an empty store; seconds until the last one is done."""
    context = get_context("fork")
    gate, times = context.Barrier(len(namespaces)), context.Queue()
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="recovery-") as stores:
        processes = [
            context.Process(target=client, args=(one, reference, Path(stores) / str(number), gate, times))
            for number, one in enumerate(namespaces)
        ]
        for process in processes:
            process.start()
        try:
            return max(times.get(timeout=120) for _ in processes)
        finally:
            for process in processes:
                process.join(10)
                process.kill()


def images(store: Store) -> dict[str, tuple[Any, ImageFacts]]:
    """Name -> image and its facts, the smallest first."""
    found = {wanted.name: make(store, wanted) for wanted in SYNTHETIC}
    demo = ROOT / "demo-cache/store"
    if demo.is_dir():
        other = Store.open(demo)
        for name in REAL:
            image = transfer.resolve(other, name)
            for digest in [layer.descriptor.digest for layer in image.layers]:
                shutil.copyfile(other.blob_path(digest), store.blob_path(digest))
            found[name.partition(":")[0]] = store.put_image(image)
    known = {name: (image, facts(store, image, name)) for name, image in found.items()}
    return dict(sorted(known.items(), key=lambda item: item[1][1].compressed_bytes))


def measured(known: dict[str, tuple[Any, ImageFacts]], store: Store, directory: Path, runs: int) -> list[Pulled]:
    """Every image by every number of clients, in random order."""
    order = [(name, clients, run) for name in known for clients in CLIENTS for run in range(runs)]
    random.Random(SEED).shuffle(order)
    found: dict[tuple[str, int], list[float]] = {}
    with net(max(CLIENTS)) as (server, ends), registry(server, directory) as address:
        for name, (image, _) in known.items():
            target = transfer.in_registry(f"{address}/{name}:1", "push")
            inside(server, lambda image=image, target=target: transfer.push(store, image, target, insecure=True))
        pull(ends[:1], f"{address}/{next(iter(known))}:1")
        for name, clients, _ in order:
            seconds = pull(ends[:clients], f"{address}/{name}:1")
            found.setdefault((name, clients), []).append(seconds)
            print(f"{name} by {clients}: {seconds:.2f} s", flush=True)
    return [Pulled(name, clients, tuple(times)) for (name, clients), times in sorted(found.items())]


def observations(pulled: Sequence[Pulled], known: dict[str, ImageFacts]) -> list[calibrate.Observation]:
    return [calibrate.Observation(known[one.image], setting(one.clients), one.least) for one in pulled]


def evaluate(pulled: Sequence[Pulled], known: dict[str, ImageFacts]) -> tuple[Costs, list[Row]]:
    """Fit on every other image (by size), predict all: for each pull, whether it was fitted to, and the prediction."""
    names = sorted(known, key=lambda name: known[name].compressed_bytes)
    training = set(names[::2])
    costs = calibrate.fit(observations([one for one in pulled if one.image in training], known), BEGIN)
    rows = [
        (one, one.image in training, calibrate.predict(costs, known[one.image], setting(one.clients))) for one in pulled
    ]
    return costs, rows


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=RUNS)
    arguments.add_argument("--from", dest="source", type=Path, help="Fit again to what an earlier run measured.")
    arguments.add_argument("--output", type=Path, default=ROOT / "benchmarks/results")
    chosen = arguments.parse_args()
    raw = json.loads(chosen.source.read_text()) if chosen.source else run(chosen.runs)
    date = raw["date"]
    (chosen.output / f"recovery-{date}.json").write_text(json.dumps(raw, indent=1) + "\n")
    (chosen.output / f"recovery-{date}.md").write_text(markdown(raw, evaluate, AIM))


def run(runs: int) -> dict[str, Any]:
    """Make the images, measure, and clean up."""
    date, described = datetime.datetime.now(datetime.UTC).date().isoformat(), machine()
    with tempfile.TemporaryDirectory(prefix="recovery-") as directory:
        store = Store.open(Path(directory) / "store")
        known = images(store)
        pulled = measured(known, store, Path(directory), runs)
    return {
        "date": date, "machine": described, "load_after": round(os.getloadavg()[1], 1),
        "link_mbit": LINK, "egress_mbit": EGRESS,
        "images": [asdict(about) for _, about in known.values()], "pulls": [asdict(one) for one in pulled],
    }  # fmt: skip


if __name__ == "__main__":
    main()
