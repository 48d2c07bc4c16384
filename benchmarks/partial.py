"""What the compressions of a layer cost, and what a pull moves after one file of an image has changed.

``sudo .venv/bin/python benchmarks/partial.py [IMAGE...]`` with ``JETTISON_STORE`` naming a store that has the images
(default: those of ``scripts/demo``). It needs docker-registry and Podman, and writes
``benchmarks/results/partial-YYYY-MM-DD.md``. Each compression runs in a process of its own, on a fresh store,
``RUNS`` times in random order; Podman gets a storage of its own, and a proxy counts what the registry sends it.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from measure import machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from counting import counted  # noqa: E402
from jettison.oci import codec, mediatypes  # noqa: E402
from jettison.oci.chunked.members import parts  # noqa: E402
from jettison.oci.digest import Digest  # noqa: E402
from jettison.oci.image import Image  # noqa: E402
from jettison.oci.layout import Store  # noqa: E402
from jettison.oci.recompress import Compression, recompress_image  # noqa: E402
from jettison.oci.reference import OciReference, RegistryReference, parse  # noqa: E402
from jettison.oci.transfer import copy, push, resolve  # noqa: E402
from servers import docker_registry  # noqa: E402

COMPRESSIONS = ("gzip", "zstd:3", "zstd:chunked", "estargz")
IMAGES = ("node-onbuild:small", "node:8-slim")
RUNS = 5
#: The file that changes has at least and at most so many bytes.
CHANGED = range(10_000, 50_000)


@dataclass
class Row:
    """What was measured of one compression of one image."""

    size: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: int = 0
    cold: int = 0
    update: int = 0
    update_requests: int = 0


def child(layout: str, compression: str) -> None:
    """In a process of its own: compress, and print what it cost."""
    with tempfile.TemporaryDirectory(dir=Path(layout).parent) as place:
        store = Store.open(Path(place))
        image = resolve(store, f"oci:{layout}")
        assert image.descriptor
        before, start = os.times(), time.monotonic()
        made = store.image(recompress_image(store, image.descriptor, Compression.parse(compression)))
        seconds, after = time.monotonic() - start, os.times()
    cpu = after.user + after.system - before.user - before.system
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count what this process was forked from
    memory = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    print(json.dumps({"size": made.compressed_bytes, "seconds": seconds, "cpu": cpu, "memory": memory}))


def costs(layout: Path, rows: dict[str, Row]) -> None:
    """Time every compression ``RUNS`` times, after one run that does not count."""
    for number in range(RUNS + 1):
        for compression in random.sample(COMPRESSIONS, len(COMPRESSIONS)):
            command = [sys.executable, __file__, "--child", str(layout), compression]
            found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            row = rows[compression]
            row.size, row.memory = found["size"], max(row.memory, found["memory"])
            if number:
                row.seconds.append(found["seconds"])
                row.cpu.append(found["cpu"])


def changed(store: Store, image: Image) -> tuple[Image, str]:
    """The image with one small file of its largest layer changed, and what that file is."""
    number = max(range(len(image.layers)), key=lambda each: image.layers[each].descriptor.size)
    with store.open_blob(image.layers[number].descriptor.digest) as file, codec.reader(file) as plain:
        data = bytearray(plain.read())
    at, candidates = 0, []
    for part in parts(_Stream(bytes(data))):
        at += len(part.raw)
        if part.entry and part.entry.kind == "reg" and part.entry.size in CHANGED:
            candidates.append((at, part.entry))
        at += sum(map(len, part.content))
    at, entry = candidates[len(candidates) // 2]
    data[at : at + entry.size] = random.Random(1).randbytes(entry.size)
    blob = store.put_blob(mediatypes.OCI_LAYER, bytes(data))
    layers = list(image.layers)
    layers[number] = replace(layers[number], descriptor=blob, diff_id=Digest.of(bytes(data)))
    config = replace(image.config, diff_ids=tuple(layer.diff_id for layer in layers))
    made = store.put_image(replace(image, config=config, layers=tuple(layers), descriptor=None))
    return made, f"`{entry.name}`, {entry.size:,} bytes"


class _Stream:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int, /) -> bytes:
        found = self._data[self._at : self._at + size]
        self._at += len(found)
        return found


def moved(work: Path, store: Store, images: tuple[Image, Image], rows: dict[str, Row]) -> None:
    """What Podman moves for the first image, and then for the second."""
    with docker_registry(work) as domain, counted(domain) as proxy:
        for compression, row in rows.items():
            names = [f"{compression.replace(':', '-')}:{number}" for number in (1, 2)]
            for name, image in zip(names, images, strict=True):
                reference = parse(f"{domain}/{name}")
                assert isinstance(reference, RegistryReference)
                push(store, image, reference, compression=Compression.parse(compression))
            with tempfile.TemporaryDirectory(prefix="jp", dir="/tmp") as home:
                proxy.reset()
                podman(Path(home), "pull", "--tls-verify=false", f"{proxy.domain}/{names[0]}")
                row.cold = proxy.received
                proxy.reset()
                podman(Path(home), "pull", "--tls-verify=false", f"{proxy.domain}/{names[1]}")
                row.update, row.update_requests = proxy.received, proxy.requests
                podman(Path(home), "rmi", "--all", "--force")
                subprocess.run(["umount", "-l", f"{home}/graph/overlay"], stderr=subprocess.DEVNULL, check=False)


def podman(home: Path, *arguments: str) -> None:
    """Run Podman with partial pulls on, and a storage of its own."""
    settings = home / "storage.conf"
    settings.write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{home}/graph"\nrunroot = "{home}/run"\n'
        '[storage.options]\npull_options = {enable_partial_images = "true", use_hard_links = "false"}\n'
    )
    environment = os.environ | {"CONTAINERS_STORAGE_CONF": str(settings), "XDG_CONFIG_HOME": str(home)}
    command = ["podman", "--tmpdir", f"{home}/tmp", "--cgroup-manager=cgroupfs", *arguments]
    subprocess.run(command, env=environment | {"TMPDIR": str(home)}, check=True, capture_output=True)


def report(name: str, plain: int, what: str, rows: dict[str, Row]) -> str:
    """One image's part of the result."""
    lines = [
        f"\n## {name}: {plain / 1e6:.1f} MB of layers, uncompressed\n",
        f"The file that changes: {what}.\n",
        "| compression | MB | seconds (spread) | CPU seconds | peak MB | MB of a cold pull | kB after the change |"
        " requests |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for compression, row in rows.items():
        spread = f"{statistics.median(row.seconds):.2f} ({min(row.seconds):.2f}–{max(row.seconds):.2f})"
        lines.append(
            f"| {compression} | {row.size / 1e6:.2f} | {spread} | {statistics.median(row.cpu):.2f} "
            f"| {row.memory / 1e6:.0f} | {row.cold / 1e6:.2f} | {row.update / 1e3:,.1f} | {row.update_requests} |"
        )
    return "\n".join(lines)


def plain_size(store: Store, image: Image) -> int:
    """The bytes of the layers' archives."""
    total = 0
    for layer in image.layers:
        with store.open_blob(layer.descriptor.digest) as file, codec.reader(file) as plain:
            while data := plain.read(1 << 20):
                total += len(data)
    return total


def main(names: list[str]) -> None:
    """Measure and write."""
    parts_of_it = []
    for name in names or IMAGES:
        with tempfile.TemporaryDirectory(prefix="partial", dir=os.environ.get("TMPDIR", "/var/tmp")) as directory:
            work, source = Path(directory), parse(name)
            copy(Store.open(), source, OciReference(work / "image", ""))
            store = Store.open(work / "store")
            image = resolve(store, f"oci:{work / 'image'}")
            rows = {compression: Row() for compression in COMPRESSIONS}
            costs(work / "image", rows)
            other, what = changed(store, image)
            moved(work, store, (image, other), rows)
            parts_of_it.append(report(name, plain_size(store, image), what, rows))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    version = subprocess.run(["podman", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    head = (
        f"# Compressions of layers, and pulls after one file changed, {today}\n\n{machine()}\n"
        f"{version[:1].upper() + version[1:]}, partial pulls enabled. Made by `benchmarks/partial.py`; "
        f"the median of {RUNS} runs.\n"
    )
    place = ROOT / "benchmarks" / "results" / f"partial-{today}.md"
    place.write_text(head + "\n".join(parts_of_it) + "\n")
    print(place.read_text())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main(sys.argv[1:])
