"""Run a bench: for each image its matrix in random order; what fails is noted, and the rest goes on."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from jettison.errors import JettisonError
from jettison.measure import floor, links, machine
from jettison.measure.bench import actions, building, subject
from jettison.measure.bench.jobs import jobs, left_out, order
from jettison.measure.bench.model import Job, Plan, Subject
from jettison.measure.bench.registry import registry
from jettison.measure.bench.results import Results
from jettison.measure.bench.tools import TOOLS
from jettison.measure.bench.world import World, writable
from jettison.measure.links import Rate
from jettison.measure.model import Bench
from jettison.oci.layout import Store
from jettison.oci.progress import SILENT, Progress

Told = Callable[[str], None]
Kept = Callable[[Bench], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of each step, and given what there is after it."""

    told: Told
    keep: Kept


def bench(
    store: Store,
    plan: Plan,
    told: Told = lambda line: None,
    progress: Progress = SILENT,
    keep: Kept = lambda found: None,
) -> Bench:
    """Measure everything that ``plan`` asks for; ``told`` is given a line for each step, ``keep`` what there is then.

    Interrupted, it gives what it has, with ``complete`` false; links, namespaces, daemons and files are gone then.
    Raises ``JettisonError`` where nothing can be measured at all.
    """
    tools, versions, missing = _tools(plan)
    results = Results(time.strftime("%Y-%m-%d", time.gmtime()), machine.described(versions, store.root), plan.cpus)
    results.note(*missing)
    try:
        with ExitStack() as stack:
            world = _world(store, plan, results, stack)
            _measure(world, tools, results, Watch(told, keep), progress)
        results.require()
    except KeyboardInterrupt:
        results.interrupted()
    return results.bench()


def _tools(plan: Plan) -> tuple[tuple[str, ...], dict[str, str], list[str]]:
    """Which tools are measured, all versions, and a sentence for each that is not installed."""
    versions = {name: TOOLS[name].version() for name in ("jettison", *plan.tools)}
    missing = [f"{name} is not installed here: it was not measured" for name, found in versions.items() if not found]
    there = {name: found for name, found in versions.items() if found}
    return tuple(there), there, missing


def _world(store: Store, plan: Plan, results: Results, stack: ExitStack) -> World:
    directory = stack.enter_context(store.scratch("bench"))
    link = None
    if plan.registry:
        results.note(f"the registry {plan.registry} was given: the link to it is as it is")
    elif reason := links.why_not():
        results.note(f"links were not shaped: {reason}")
    else:
        link = stack.enter_context(links.links())[0]
    if link is None and any(rate.bits for rate in plan.rates):
        plan = replace(plan, rates=(Rate(),))
    if reason := writable():
        results.note(f"page caches were not dropped: {reason}")
    if os.geteuid() != 0:
        results.note("the files that tools unpacked were not compared, and nothing was unpacked: this needs root")
    there = stack.enter_context(registry(directory, link, plan.registry))
    world = World(plan, store, Store.open(directory / "own"), directory, there, link)
    stack.callback(world.forget)
    return world


def _measure(world: World, tools: Sequence[str], results: Results, watch: Watch, progress: Progress) -> None:
    plan = world.plan
    subjects = []
    for number, name in enumerate(plan.images):
        watch.told(f"{name}: taking it in")
        try:
            subjects.append(_subject(world, name, number, progress))
            results.image(subjects[-1].facts)
        except JettisonError as error:
            results.lacking(f"{name} was not measured: {error}")
    if not subjects:
        return
    tools = [tool for tool in tools if _works(world, tool, results, watch)]
    generator = random.Random(plan.seed)
    watch.told("the machine: codec, disk, files, round trip")
    results.rates = floor.rates(world.main, [each.image for each in subjects], lambda: _round_trip(world, results))
    for each in subjects:
        for used in results.bench().machines:
            results.floors(floor.floors(each.facts, plan.rates, results.rates, used))
        results.lacking(*left_out(plan, each, tools))
        _one(world, list(jobs(plan, each, tools)), generator, results, watch)


def _works(world: World, tool: str, results: Results, watch: Watch) -> bool:
    """Whether its daemon runs here, where it has one: found out once, not in each cell."""
    if tool == "jettison":
        return True
    watch.told(f"{tool}: trying whether it runs")
    try:
        with world.fresh(tool, None):
            return True
    except JettisonError as error:
        results.note(f"{tool} was not measured: {error}")
        return False


def _round_trip(world: World, results: Results) -> float:
    try:
        return world.round_trip()
    except JettisonError as error:
        results.note(f"{error}: the floors have no round trips")
        return 0.0


def _subject(world: World, name: str, number: int, progress: Progress) -> Subject:
    if Path(name).is_dir():
        return building.subject(world, Path(name), number)
    plan = world.plan
    return subject.take(world.main, world.own, name, number, plan.compression, progress, insecure=plan.insecure)


def _one(world: World, cells: list[Job], generator: random.Random, results: Results, watch: Watch) -> None:
    """All of one image."""
    failed: set[Job] = set()
    warm = order(cells, 1, generator) if world.plan.warm_up else []
    todo = [(job, False) for job in warm] + [(job, True) for job in order(cells, world.plan.runs, generator)]
    try:
        for number, (job, counts) in enumerate(todo, 1):
            if job in failed:
                continue
            watch.told(f"{number}/{len(todo)} {_label(job)}{'' if counts else ' (warm-up)'}")
            try:
                sample, verified = actions.measure(world, job, prove=results.unproved(job))
            except JettisonError as error:
                failed.add(job)
                results.failed(job, f"{_label(job)} failed: {error}")
                continue
            results.add(job, sample, verified, counts=counts)
            watch.keep(replace(results.bench(), complete=False))
    finally:
        world.forget()


def _label(job: Job) -> str:
    link = "" if job.rate.bits is None else f" over {job.rate.name}"
    cpus = f" on {job.cpus} of the processors" if job.cpus else ""
    return f"{job.action}, {job.state}, {job.subject.name} by {job.tool}{link}{cpus}"
