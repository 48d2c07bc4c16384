"""One run of a job, by its action."""

from __future__ import annotations

from jettison.measure.bench.actions.build import build, build_push
from jettison.measure.bench.actions.parts import apart, fetch
from jettison.measure.bench.actions.pull import pull
from jettison.measure.bench.actions.push import push
from jettison.measure.bench.model import Job
from jettison.measure.bench.world import World
from jettison.measure.model import Action, Sample

_WAYS = {
    Action.BUILD: build,
    Action.PUSH: push,
    Action.BUILD_PUSH: build_push,
    Action.FETCH: fetch,
    Action.DECOMPRESS: apart,
    Action.UNPACK: apart,
    Action.START: apart,
}


def measure(world: World, job: Job, *, prove: bool) -> tuple[Sample, bool | None]:
    """Run it once; whether the files are the image's is ``None`` where they were not compared."""
    if job.action is Action.PULL:
        return pull(world, job, prove=prove and world.plan.verify)
    return _WAYS[job.action](world, job), None
