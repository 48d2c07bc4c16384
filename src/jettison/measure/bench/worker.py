"""One part of a pull, or a start, in a process of its own: ``python -m … ACTION STORE IMAGE LIMIT``.

Prints ``{"seconds": …}``: without the start of the interpreter, which is no part of what is measured.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from jettison.errors import JettisonError, ProbeError
from jettison.measure.model import Action
from jettison.observe.ports import listening
from jettison.oci import codec, parallel
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store
from jettison.oci.reference import parse

if TYPE_CHECKING:
    from jettison.observe.readiness import Readiness
    from jettison.runtime import Container

_PAUSE_SECONDS = 0.005


def main(action: str, root: str, name: str, limit: str) -> None:
    """Do it and print how long it took."""
    store = Store.open(Path(root))
    found = store.find(str(parse(name)))
    assert found is not None, "the bench put it there"
    image = store.image(found)
    if Action(action) is Action.START:
        seconds = start(store, image, float(limit))
    else:
        began = time.monotonic()
        decompress(store, image) if Action(action) is Action.DECOMPRESS else store.snapshots(image)
        seconds = time.monotonic() - began
    print(json.dumps({"seconds": seconds}))


def decompress(store: Store, image: Image) -> None:
    """Every layer, on all processors, as unpacking does it; the bytes go nowhere."""

    def one(layer: Layer) -> None:
        with store.open_blob(layer.descriptor.digest) as blob, codec.reader(blob) as plain:
            while plain.read(codec.CHUNK):
                pass

    largest_first = sorted(image.layers, key=lambda layer: -layer.descriptor.size)
    parallel.each(one, largest_first, len(os.sched_getaffinity(0)), lambda: None)


def start(store: Store, image: Image, limit: float) -> float:
    """Seconds from the mount of the root file system until the first probe answers, or until the program has ended."""
    from jettison.observe import Settings, scenarios
    from jettison.observe.readiness import wait
    from jettison.observe.stage import Stage
    from jettison.observe.tracers import tracing
    from jettison.runtime import inside, mounted, network

    scenario = scenarios(image.config, crawl=False)[0]
    snapshots = store.snapshots(image)
    settings = Settings(timeout=limit, tracer="none")
    began = time.monotonic()

    def _ready(container: Container) -> tuple[Readiness, float]:
        """A program that speaks no HTTP is ready once it accepts: finding out that it is silent takes longer."""
        accepts = _accepts(container, scenario.ports, began + limit)
        ready = wait(container, scenario, settings)
        silent = bool(ready.services) and ready.services[0].protocol == "tcp"
        return ready, (accepts if silent else time.monotonic()) - began

    with ExitStack() as stack:
        scratch = stack.enter_context(store.scratch("start"))
        rootfs = stack.enter_context(mounted(snapshots, scratch))
        namespace = stack.enter_context(network())
        tracer = stack.enter_context(tracing("none", rootfs.path, scratch, "/"))
        stage = Stage(rootfs.path, scratch, namespace, scenario.config, tracer, "")
        container = stack.enter_context(stage.start(scenario.config.command))
        ready, seconds = inside(namespace, _ready, container)
        code = container.wait(0)
        container.stop("SIGKILL")
    _check(ready, code)
    return seconds


def _accepts(container: Container, ports: tuple[int, ...], deadline: float) -> float:
    """When it began to listen, on one of ``ports`` if there are any, or ended."""
    while container.running and time.monotonic() < deadline:
        if any(each.kind == "tcp" and (not ports or each.port in ports) for each in listening(container.pid)):
            break
        time.sleep(_PAUSE_SECONDS)
    return time.monotonic()


def _check(ready: Readiness, code: int | None) -> None:
    if ready.failure:
        raise ProbeError(f"cannot start it: {ready.failure}")
    if ready.ended and code:
        raise ProbeError(f"cannot start it: it ends with code {code}")
    if not ready.ended and not ready.services:
        raise ProbeError("cannot tell when it is ready: it listens nowhere and does not end")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except JettisonError as error:
        sys.exit(str(error))
