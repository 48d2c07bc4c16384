"""Push: from a client that has the image to a registry that has nothing, all but one file, or all of it."""

from __future__ import annotations

from jettison.measure.bench.model import Client, Job
from jettison.measure.bench.world import World
from jettison.measure.model import Sample, State


def push(world: World, job: Job) -> Sample:
    """One push."""
    client, source = world.holder(job), world.seeded(job.subject)
    if job.state is State.COLD:
        return _cold(world, job, client, source)
    _there(world, job, client, source)
    number = 0
    if job.state is State.ONE_FILE:
        source, _ = world.another(job.subject)
        world.launcher().run(client.obtain(source))
        number = int(source.rpartition("-")[2])
    target = world.target(job.subject, number)
    client.prepare_push(source, target)
    sample, _ = world.time(job, client.push(source, target), client)
    return sample


def _cold(world: World, job: Job, client: Client, source: str) -> Sample:
    world.registry.empty()
    world.at_target = None
    target = world.target(job.subject)
    client.prepare_push(source, target)
    world.drop_caches(job.tool)
    sample, _ = world.time(job, client.push(source, target), client)
    world.at_target = (job.tool, job.subject.tag, job.cpus)
    return sample


def _there(world: World, job: Job, client: Client, source: str) -> None:
    """See to it that the target has the image as this client sends it: tools compress layers differently."""
    if world.at_target == (job.tool, job.subject.tag, job.cpus):
        return
    world.registry.empty()
    target = world.target(job.subject)
    client.prepare_push(source, target)
    world.launcher().run(client.push(source, target))
    world.at_target = (job.tool, job.subject.tag, job.cpus)
