"""The parts of a pull, apart: fetch without unpacking; decompress; unpack, which decompresses as it goes."""

from __future__ import annotations

import json
import os
import shutil
import sys

from jettison.measure.bench.model import Job, command
from jettison.measure.bench.tools.jettison import Client as Jettison
from jettison.measure.bench.world import World
from jettison.measure.model import Action, Sample
from jettison.oci.layout import Store
from jettison.oci.reference import parse

_WORKER = "jettison.measure.bench.worker"


def fetch(world: World, job: Job) -> Sample:
    """Layers as they are, into an empty place."""
    source = world.seeded(job.subject)
    with world.fresh(job.tool, job.cpus) as client:
        world.drop_caches(job.tool)
        wanted = client.fetch(source) if isinstance(client, Jettison) else client.pull(source)
        sample, _ = world.time(job, wanted, client)
        return sample


def apart(world: World, job: Job) -> Sample:
    """Decompress, unpack, or start until ready: by Jettison, of layers that are here."""
    with world.fresh("jettison", job.cpus) as client:
        assert isinstance(client, Jettison), "asked for by name"
        _blobs(world, job, Store.open(client.store), unpacked=job.action is Action.START)
        world.drop_caches(job.tool)
        wanted = command(sys.executable, "-m", _WORKER, job.action, client.store, job.subject.tag, str(_limit(world)))
        sample, said = world.time(job, wanted)
    return Sample(float(json.loads(said)["seconds"]), sample.cpu_seconds, sample.peak_bytes)


def _limit(world: World) -> float:
    return world.plan.timeout


def _blobs(world: World, job: Job, store: Store, *, unpacked: bool) -> None:
    """A store that has the image, without having fetched it."""
    image = job.subject.image
    assert image.descriptor is not None, "it is in the store"
    for path in (world.own.root / "blobs/sha256").iterdir():
        os.link(path, store.root / "blobs/sha256" / path.name)
    store.tag(str(parse(job.subject.tag)), image.descriptor)
    if unpacked:
        shutil.rmtree(store.root / "snapshots")
        (store.root / "snapshots").symlink_to(world.main.root / "snapshots")
