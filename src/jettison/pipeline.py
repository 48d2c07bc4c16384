"""The main job, top to bottom: an image in; a small image that was proved, and a report, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

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
from jettison.packages.model import Package
from jettison.plan import Plan, Policy, Wishes
from jettison.report import summary
from jettison.report.model import Phase, Report
from jettison.verify import Verdict

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
    with clock.phase("index"):
        subject = study(store, image)
    scenarios = observe.scenarios(image.config, options.scenarios, crawl=options.crawl)
    with clock.phase("observe"):
        observation = observed(store, subject, scenarios, options)
    attempt = _until_same(store, subject, scenarios, observation, options, clock)
    with clock.phase("measure"):
        small = study(store, attempt.image)
        before, after = summary.measure(image, subject), summary.measure(attempt.image, small)
    outcome = _outcome(attempt.verdict, before.disk_bytes, after.disk_bytes)
    caveats = (
        *packages.uncataloged(subject.tree),
        *attempt.plan.caveats,
        *attempt.unstripped,
        *observation.caveats,
    )
    report = summary.report(
        name, options.policy, options.strip, before, after, small.tree, outcome, attempt, observation,
        caveats, clock.phases,
    )  # fmt: skip
    if outcome != "shrunk":
        return Shrunk(image, report)
    remember_plan(store, subject.image, attempt)
    return Shrunk(attempt.image, report)


def study(store: Store, image: Image) -> Subject:
    """Index an image's root file system and find its packages."""
    tree = index(store.snapshots(image))
    found = packages.catalog(tree)
    return Subject(image, tree, found, attribute(image, tree, found))


def observed(store: Store, subject: Subject, scenarios: tuple[Scenario, ...], options: Options) -> Observation:
    """Run the original and ask it everything; an earlier observation of just this is used again."""
    key = record.key(subject.image, scenarios, options.settings)
    known = store.record(OBSERVATION, key) if options.remember else None
    remembered = record.from_json(known) if known else None
    if remembered is not None:
        return remembered
    seen = observe.observe(store, subject.image, scenarios, options.settings, subject.tree)
    store.put_record(OBSERVATION, key, record.to_json(seen))
    return seen


def _until_same(
    store: Store,
    subject: Subject,
    scenarios: tuple[Scenario, ...],
    observation: Observation,
    options: Options,
    clock: Clock,
) -> Attempt:
    """Carve, compare, heal, and again, until the answers are the same or nothing more can be done."""
    healed: dict[str, Evidence] = {}
    for number in range(options.rounds + 1):
        with clock.phase("plan"):
            plan = planning.make(
                subject.tree, subject.image, observation, subject.packages, options.policy, options.wishes,
                attribution=subject.attribution, healed=healed,
            )  # fmt: skip
        with clock.phase("carve"):
            kept = _kept(store, subject.tree, plan, options)
            small = carve(
                store, subject.image, kept.tree, plan,
                compression=options.compression, level=options.level, epoch=options.epoch,
            )  # fmt: skip
        with clock.phase("verify"):
            verdict = _compared(store, subject, small, scenarios, observation, options)
        attempt = Attempt(small, plan, verdict, dict(healed), number, kept.caveats)
        if verdict.same or number == options.rounds:
            return attempt
        with clock.phase("heal"):
            missing = _missing(store, subject, small, scenarios, observation, options)
        fresh = {path: why for path, why in missing.items() if path not in healed and path not in plan.keep}
        if not fresh:
            return attempt
        healed |= fresh
    raise AssertionError("a loop over at least one round ends in it")


def _kept(store: Store, tree: FileTree, plan: Plan, options: Options) -> Stripped:
    """What is carved: the kept files, stripped where that was asked for."""
    kept = tree.subset(plan.keep)
    return strip_files(store, kept) if options.strip else Stripped(kept, ())


def _compared(
    store: Store,
    subject: Subject,
    small: Image,
    scenarios: tuple[Scenario, ...],
    observation: Observation,
    options: Options,
) -> Verdict:
    """The verdict; where the answers differ, the original is asked again, to know what is volatile."""
    again = observe.again(options.settings, observation)
    seen = observe.attempt(store, small, scenarios, again)
    verdict = verify.verify(observation, None, seen)
    if verdict.same:
        return verdict
    repeat = observe.attempt(store, subject.image, scenarios, again, subject.tree)
    return verify.verify(observation, repeat, seen)


def _missing(
    store: Store,
    subject: Subject,
    small: Image,
    scenarios: tuple[Scenario, ...],
    observation: Observation,
    options: Options,
) -> Mapping[str, Evidence]:
    """What the small image looked up in vain; where it asked for nothing, what the original found and it lacks."""
    again = observe.again(options.settings, observation)
    failed = verify.failed_lookups(store, small, scenarios, subject.tree, again)
    if failed:
        return failed
    return verify.found_lookups(store, subject.image, scenarios, index(store.snapshots(small)), again)


def _outcome(verdict: Verdict, before: int, after: int) -> str:
    if not verdict.same:
        return "failed"
    return "shrunk" if after < before else "original"


def remember_plan(store: Store, original: Image, attempt: Attempt) -> None:
    """So that ``jettison why`` can be asked about the small image later."""
    assert original.descriptor is not None
    assert attempt.image.descriptor is not None
    value = {"original": original.descriptor.to_json(), "plan": planning.to_json(attempt.plan)}
    store.put_record(PLAN, str(attempt.image.descriptor.digest), value)
