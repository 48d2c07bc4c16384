"""Pull: from the registry into a root that has nothing, all but one file, or all of it; the files are compared."""

from __future__ import annotations

import os

from jettison.errors import JettisonError
from jettison.measure.bench.model import Client, Job
from jettison.measure.bench.tools import TOOLS
from jettison.measure.bench.world import World
from jettison.measure.model import Sample, State
from jettison.oci.image import Image


def pull(world: World, job: Job, *, prove: bool) -> tuple[Sample, bool | None]:
    """One pull, and whether the files are the image's (``None``: not compared). Other files are an error."""
    source = world.seeded(job.subject)
    if job.state is State.COLD:
        with world.fresh(job.tool, job.cpus) as client:
            world.drop_caches(job.tool)
            return _pulled(world, job, client, source, job.subject.image, prove)
    client, image = world.holder(job), job.subject.image
    if job.state is State.ONE_FILE:
        source, image = world.another(job.subject)
    return _pulled(world, job, client, source, image, prove)


def _pulled(
    world: World, job: Job, client: Client, source: str, image: Image, prove: bool
) -> tuple[Sample, bool | None]:
    sample, _ = world.time(job, client.pull(source), client)
    if not prove or not TOOLS[job.tool].unpacks or os.geteuid() != 0:
        return sample, None
    found = world.same_tree(client, source, job.subject, image)
    if found:
        raise JettisonError(f"its files are not the image's: {found}")
    return sample, True
