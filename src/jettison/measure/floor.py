"""The least time that an action can take on this machine, from rates that are measured on it.

``max(compressed / link, uncompressed / (cores · codec), uncompressed / disk + files · t_file) + 4 RTT (+ start)``. A
push moves layers as they are, so that only the link and round trips bound it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jettison.measure.links import UNSHAPED, Rate
from jettison.measure.model import Action, Floor, ImageFacts, Machine, Measurement
from jettison.oci import codec
from jettison.oci.image import Image, Layer
from jettison.oci.layout import Store

ROUND_TRIPS = 4
#: What is decompressed, written, and made, to know the rates.
_PACKED, _PLAIN, _SMALL, _FILES = 64 << 20, 256 << 20, 4096, 250
#: How often: the best counts, since a floor is what nothing else on the machine got in the way of.
_TIMES = 8


def rates(store: Store, images: Sequence[Image], round_trip: Callable[[], float]) -> dict[str, float]:
    """``codec`` and ``disk`` in bytes a second (one processor; one stream), ``file`` and ``round_trip`` in seconds,
    ``cores``: how many decompress at a time."""
    layers = [layer for image in images for layer in image.layers]
    largest = max(layers, key=lambda layer: layer.descriptor.size)
    with store.scratch("rates") as scratch:
        disk = max(_disk(scratch) for _ in range(_TIMES // 2))
        file = min(_file(Path(tempfile.mkdtemp(dir=scratch))) for _ in range(_TIMES))
    cores = float(len(os.sched_getaffinity(0)))
    return {
        "codec": _codec(store, largest), "disk": disk, "file": file, "round_trip": round_trip(), "cores": cores,
    }  # fmt: skip


def _codec(store: Store, layer: Layer) -> float:
    """How fast one processor decompresses the beginning of a real layer, read before."""
    with store.open_blob(layer.descriptor.digest) as blob:
        blob.read(_PACKED)
        blob.seek(0)
        with codec.reader(blob) as plain:
            began, count = time.thread_time(), 0
            while count < _PLAIN and (chunk := plain.read(codec.CHUNK)):
                count += len(chunk)
            spent = time.thread_time() - began
    return count / max(spent, 1e-9)


def _disk(directory: Path) -> float:
    """How fast bytes that no file system can shorten come onto the disk, until it says that they are there."""
    chunk = os.urandom(1 << 20)
    with tempfile.TemporaryFile(dir=directory, buffering=0) as file:
        began = time.monotonic()
        for _ in range(_PACKED // len(chunk)):
            file.write(chunk)
        os.fsync(file.fileno())
        return _PACKED / (time.monotonic() - began)


def _file(directory: Path) -> float:
    """What it takes to make one small file with owner, mode and time."""
    began = time.monotonic()
    for number in range(_FILES):
        descriptor = os.open(directory / str(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, b"x" * _SMALL)
        os.fchmod(descriptor, 0o644)
        os.utime(descriptor, (0, 0))
        os.close(descriptor)
    return (time.monotonic() - began) / _FILES


def floors(
    facts: ImageFacts, links: Sequence[Rate], known: Mapping[str, float], machine: Machine | None = None
) -> tuple[Floor, ...]:
    """Of push, pull and fetch over each link, and of decompress and unpack, which need none.

    Where ``machine`` used only some of its processors (``cpus``), no more than these decompress.
    """
    cores = known["cores"]
    if machine is not None and machine.cpus is not None:
        cores = min(cores, machine.cpus)
    used = {**known, "cores": cores}
    over = tuple(one for link in links for one in _over(facts, link, used))
    decode, disk = _codec_and_disk(facts, used)
    here = Floor(facts.name, Action.UNPACK, UNSHAPED, 0.0, decode, disk, 0.0)
    made = (*over, replace(here, action=Action.DECOMPRESS, disk=0.0), here)
    return tuple(replace(one, machine=machine.name) for one in made) if machine is not None else made


def _over(facts: ImageFacts, link: Rate, known: Mapping[str, float]) -> Iterator[Floor]:
    wire = facts.compressed_bytes / link.bytes if link.bytes else 0.0
    trips = ROUND_TRIPS * known["round_trip"]
    decode, disk = _codec_and_disk(facts, known)
    yield Floor(facts.name, Action.PUSH, link.name, wire, 0.0, 0.0, trips)
    yield Floor(facts.name, Action.PULL, link.name, wire, decode, disk, trips)
    yield Floor(facts.name, Action.FETCH, link.name, wire, 0.0, 0.0, trips)


def _codec_and_disk(facts: ImageFacts, known: Mapping[str, float]) -> tuple[float, float]:
    plain = sum(layer.uncompressed_bytes for layer in facts.layers)
    files = sum(layer.files for layer in facts.layers)
    return plain / (known["cores"] * known["codec"]), plain / known["disk"] + files * known["file"]


def share(measurement: Measurement, floors: Sequence[Floor]) -> float | None:
    """How much of the floor of its machine a cold measurement reaches: 1 is the floor itself. ``None`` where nothing
    bounds it."""
    wanted = (measurement.image, measurement.action, measurement.link, measurement.machine)
    for one in floors:
        bound = max(one.link, one.codec, one.disk) > 0
        if (one.image, one.action, one.link_name, one.machine) == wanted and bound:
            return one.seconds / measurement.median
    return None
