"""Build a Dockerfile, and build and push it; base images are there, and nothing of the build is unless it is to be."""

from __future__ import annotations

from jettison.measure.bench.building import build_command, change, local
from jettison.measure.bench.model import Job
from jettison.measure.bench.tools.jettison import verb
from jettison.measure.bench.world import World
from jettison.measure.model import Sample, State


def build(world: World, job: Job) -> Sample:
    """One build."""
    context, tag = job.subject.context, _tag(job)
    assert context is not None, "only what has one is built"
    options: tuple[str, ...] = ()
    if job.state is State.COLD:
        options = ("--no-cache",)
        world.drop_caches(job.tool)
    elif job.state is State.ONE_FILE:
        local().run(build_command(world.main, context, tag))
        change(context, world.plan.change)
    else:
        local().run(build_command(world.main, context, tag))
    ran = local(world.plan.timeout, job.cpus).time(
        build_command(world.main, context, tag, *options), world.directory / "log"
    )
    return Sample(ran.seconds, round(ran.cpu_seconds, 3), ran.peak_bytes)


def build_push(world: World, job: Job) -> Sample:
    """Build, then push to a registry that has nothing, or what was built before."""
    tag = _tag(job)
    world.at_target = None
    world.registry.empty()
    push = verb(world.main.root, "push", "--insecure", tag, world.target(job.subject))
    if job.state is not State.COLD:
        assert job.subject.context is not None, "only what has one is built"
        local().run(build_command(world.main, job.subject.context, tag))
        world.launcher().run(push)
    built = build(world, job)
    sample, _ = world.time(job, push)
    return Sample(
        built.seconds + sample.seconds,
        (built.cpu_seconds or 0.0) + (sample.cpu_seconds or 0.0),
        max(built.peak_bytes or 0, sample.peak_bytes or 0),
        sample.wire_bytes,
    )


def _tag(job: Job) -> str:
    return f"bench/build-{job.subject.tag.rpartition('-')[2]}"
