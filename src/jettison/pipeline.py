"""The main job, top to bottom: an image in; a small image that was proved, and a report, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jettison import observe, packages, verify
from jettison import plan as planning
from jettison.attribution import Attribution, attribute
from jettison.carve import Stripped, carve, strip_files
from jettison.closure.model import Evidence
from jettison.configuration import ScenarioSettings
from jettison.filetree import FileTree, index
from jettison.observe import Observation, Scenario, Settings, record
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.recompress import OPENED
from jettison.packages.model import Package
from jettison.plan import Plan, Policy, Wishes
from jettison.report import summary
from jettison.report.model import Phase, Report
from jettison.verify import Verdict

if TYPE_CHECKING:
    from jettison.security.assess import Assessed, Knowledge

#: Kinds of records in the store.
OBSERVATION, PLAN = "observation", "plan"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose; each has a flag of ``jettison shrink`` and a key of ``jettison.toml``.

    ``rounds`` is how often a small image that differs is healed; ``remember`` whether an earlier observation of the
    same image with the same questions may be used again.
    """

    policy: Policy = Policy.BALANCED
    wishes: Wishes = field(default_factory=Wishes)
    strip: bool = False
    scenarios: tuple[ScenarioSettings, ...] = ()
    crawl: bool = True
    settings: Settings = field(default_factory=Settings)
    rounds: int = 3
    compression: str = "zstd"
    level: int | None = None
    epoch: int | None = None
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """An image with what is known of it before it is run."""

    image: Image
    tree: FileTree
    packages: tuple[Package, ...]
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Case:
    """An image that works, and what was seen of it: all that a smaller image is compared with."""

    store: Store
    subject: Subject
    scenarios: tuple[Scenario, ...]
    observation: Observation
    options: Options


@dataclass(frozen=True, slots=True)
class Attempt:
    """One small image, the plan that it was carved by, and how it compared. ``unstripped``: what stayed as it was."""

    image: Image
    plan: Plan
    verdict: Verdict
    healed: Mapping[str, Evidence]
    rounds: int
    unstripped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The image to use from now on, and the report: ``image`` is the original where nothing better was proved."""

    image: Image
    report: Report
    case: Case
    attempt: Attempt


class Clock:
    """Wall time by phase; a phase that comes again is added to. ``tell`` hears of each phase as it begins."""

    def __init__(self, tell: Callable[[str], None] | None) -> None:
        self._tell = tell
        self._seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        if self._tell:
            self._tell(name)
        started = time.monotonic()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.monotonic() - started

    @property
    def phases(self) -> tuple[Phase, ...]:
        """In the order in which they first began."""
        return tuple(Phase(name, round(seconds, 3)) for name, seconds in self._seconds.items())


def shrink(
    store: Store, image: Image, name: str, options: Options, tell: Callable[[str], None] | None = None
) -> Shrunk:
    """Make ``image`` (called ``name`` in the report) small, prove it, and say what that won.

    Raises ``ProbeError`` where the image does not work by itself, and what its parts raise. The original stays
    untouched in every case.
    """
    clock = Clock(tell)
    case = open_case(store, image, options, clock)
    attempt = until_same(case, clock)
    with clock.phase("measure"):
        small = study(store, attempt.image)
        before, after = summary.measure(image, case.subject), summary.measure(attempt.image, small)
    outcome = _outcome(attempt.verdict, before.disk_bytes, after.disk_bytes)
    caveats = (
        *packages.uncataloged(case.subject.tree),
        *attempt.plan.caveats,
        *attempt.unstripped,
        *case.observation.caveats,
    )
    report = summary.report(
        name, options.policy, options.strip, before, after, small.tree, outcome, attempt, case.observation,
        caveats, clock.phases,
    )  # fmt: skip
    if outcome != "shrunk":
        return Shrunk(image, report, case, attempt)
    remember_plan(store, image, attempt)
    return Shrunk(attempt.image, report, case, attempt)


def secured(case: Case, names: tuple[str, str], small: Image, known: Knowledge) -> tuple[Assessed, Assessed]:
    """What is known of the security of the original and of ``small``, which reports call by ``names``."""
    from jettison.security.assess import assess  # costs half of a start-up, and is not always wanted

    store, subject = case.store, case.subject
    after = study(store, small)
    return (
        assess(store, subject.image, names[0], subject.tree, known, subject.packages),
        assess(store, small, names[1], after.tree, known, after.packages),
    )


def open_case(store: Store, image: Image, options: Options, clock: Clock) -> Case:
    """Index the image, run it and ask it everything. Raises ``ProbeError`` where it does not work by itself."""
    with clock.phase("index"):
        subject = study(store, image)
    scenarios = observe.scenarios(image.config, options.scenarios, crawl=options.crawl)
    with clock.phase("observe"):
        observation = observed(store, subject, scenarios, options)
    return Case(store, subject, scenarios, observation, options)


def study(store: Store, image: Image) -> Subject:
    """Index an image's root file system and find its packages."""
    tree = index(store.snapshots(image))
    found = packages.catalog(tree)
    return Subject(image, tree, found, attribute(image, tree, found))


def observed(store: Store, subject: Subject, scenarios: tuple[Scenario, ...], options: Options) -> Observation:
    """Run the original and ask it everything; an earlier observation of just this is used again."""
    key = record.key(subject.image, scenarios, options.settings)
    known = store.record(OBSERVATION, key) if options.remember else None
    seen = record.from_json(known) if known else None
    if seen is None:
        seen = observe.observe(store, subject.image, scenarios, options.settings, subject.tree)
        store.put_record(OBSERVATION, key, record.to_json(seen))
    assert subject.image.descriptor is not None
    paths = dict.fromkeys(path for run in seen.runs for path in run.order or run.opened)
    store.put_record(OPENED, str(subject.image.descriptor.digest), {"paths": list(paths)})
    return seen


def until_same(case: Case, clock: Clock) -> Attempt:
    """Carve, compare, heal, and again, until the answers are the same or nothing more can be done."""
    healed: dict[str, Evidence] = {}
    for number in range(case.options.rounds + 1):
        with clock.phase("plan"):
            plan = _plan(case, healed)
        with clock.phase("carve"):
            small, caveats = carved(case, plan)
        with clock.phase("verify"):
            verdict = compared(case, small)
        attempt = Attempt(small, plan, verdict, dict(healed), number, caveats)
        if verdict.same or number == case.options.rounds:
            return attempt
        with clock.phase("heal"):
            lacking = missing(case, small)
        fresh = {path: why for path, why in lacking.items() if path not in healed and path not in plan.keep}
        if not fresh:
            return attempt
        healed |= fresh
    raise AssertionError("a loop over at least one round ends in it")


def _plan(case: Case, healed: Mapping[str, Evidence]) -> Plan:
    subject, options = case.subject, case.options
    return planning.make(
        subject.tree, subject.image, case.observation, subject.packages, options.policy, options.wishes,
        attribution=subject.attribution, healed=healed,
    )  # fmt: skip


def carved(case: Case, plan: Plan) -> tuple[Image, tuple[str, ...]]:
    """The small image of a plan, and what could not be stripped, as sentences."""
    options = case.options
    kept = case.subject.tree.subset(plan.keep)
    stripped = strip_files(case.store, kept) if options.strip else Stripped(kept, ())
    small = carve(
        case.store, case.subject.image, stripped.tree, plan,
        compression=options.compression, level=options.level, epoch=options.epoch,
    )  # fmt: skip
    return small, stripped.caveats


def compared(case: Case, small: Image) -> Verdict:
    """The verdict; where the answers differ, the original is asked again, to know what is volatile."""
    again = observe.again(case.options.settings, case.observation)
    seen = observe.attempt(case.store, small, _started_as(case, small), again)
    verdict = verify.verify(case.observation, None, seen)
    if verdict.same:
        return verdict
    repeat = observe.attempt(case.store, case.subject.image, case.scenarios, again, case.subject.tree)
    return verify.verify(case.observation, repeat, seen)


def missing(case: Case, small: Image) -> Mapping[str, Evidence]:
    """What the small image looked up in vain; where it asked for nothing, what the original found and it lacks."""
    again = observe.again(case.options.settings, case.observation)
    tree = case.subject.tree
    failed = verify.failed_lookups(case.store, small, _started_as(case, small), tree, again)
    if failed:
        return failed
    lacking = index(case.store.snapshots(small))
    return verify.found_lookups(case.store, case.subject.image, case.scenarios, lacking, again)


def _started_as(case: Case, small: Image) -> tuple[Scenario, ...]:
    """The scenarios as the small image is started: a rewritten Dockerfile may start the same program otherwise."""
    new, old = small.config.container, case.subject.image.config.container
    if (new.command, new.environment, new.working_dir, new.user) == (
        old.command, old.environment, old.working_dir, old.user,
    ):  # fmt: skip
        return case.scenarios
    return observe.scenarios(small.config, case.options.scenarios, crawl=case.options.crawl)


def _outcome(verdict: Verdict, before: int, after: int) -> str:
    if not verdict.same:
        return "failed"
    return "shrunk" if after < before else "original"


def remember_plan(store: Store, original: Image, attempt: Attempt) -> None:
    """So that ``jettison why`` can be asked about the small image later, and eStargz puts first what it opens first."""
    assert original.descriptor is not None
    assert attempt.image.descriptor is not None
    value = {"original": original.descriptor.to_json(), "plan": planning.to_json(attempt.plan)}
    small = str(attempt.image.descriptor.digest)
    store.put_record(PLAN, small, value)
    if paths := store.record(OPENED, str(original.descriptor.digest)):
        store.put_record(OPENED, small, paths)
