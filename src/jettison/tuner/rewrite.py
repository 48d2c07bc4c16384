"""From a Dockerfile that was built to the smallest one that works, and a report of all that was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jettison import pipeline
from jettison.dockerfile import Context, Dockerfile, expand, select, stages
from jettison.dockerfile.stages import meta_args
from jettison.errors import JettisonError, Unsupported
from jettison.oci import transfer
from jettison.oci.config import ContainerConfig
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.pipeline import Attempt, Case, Clock
from jettison.report import summary
from jettison.report.model import CandidateLine, ProbeLine, Rewriting
from jettison.rewrite import observation
from jettison.rewrite.recipes import Project, open_project
from jettison.tuner.model import OBSERVATION, Outcome, Proposal, Settings, Tried, Tuned
from jettison.tuner.propose import propose
from jettison.tuner.tune import tune


@dataclass(frozen=True, slots=True)
class Source:
    """A Dockerfile with its context, called ``name`` in the report."""

    name: str
    directory: Path
    dockerfile: Dockerfile
    context: Context


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was found: ``best`` is ``None`` where nothing smaller works, and the report says why."""

    best: Tried | None
    report: Rewriting
    case: Case
    attempt: Attempt


def rewrite(
    store: Store,
    source: Source,
    image: Image,
    options: pipeline.Options,
    settings: Settings,
    tell: Callable[[str], None] | None = None,
) -> Rewritten:
    """Try everything for ``source``, of which ``image`` was built.

    Raises ``ProbeError`` where the original does not work by itself, and what its parts raise.
    """
    clock = Clock(tell)
    case = pipeline.open_case(store, image, options, clock)
    return search(case, pipeline.until_same(case, clock), source, settings, clock, tell)


def search(
    case: Case,
    attempt: Attempt,
    source: Source,
    settings: Settings,
    clock: Clock,
    tell: Callable[[str], None] | None = None,
) -> Rewritten:
    """The same for an image that was observed and carved already."""
    proposals = propose(case.store, project(case.store, source, settings, case, attempt), settings)
    if not settings.only or OBSERVATION in settings.only:
        proposals = _in_order((by_observation(case, source, attempt, settings), *proposals))
    with clock.phase("try candidates"):
        tuned = tune(case, source.directory, proposals, settings, tell)
    report = Rewriting(
        image=source.name,
        before=summary.measure(case.subject.image, case.subject),
        candidates=tuple(map(_line, tuned.tried)),
        chosen=tuned.best.proposal.name if tuned.best else "",
        after=tuned.best.size if tuned.best else None,
        dockerfile=tuned.best.dockerfile if tuned.best else "",
        probes=_probes(tuned),
        notes=tuned.best.proposal.notes if tuned.best else (),
        phases=clock.phases,
    )
    return Rewritten(tuned.best, report, case, attempt)


def project(
    store: Store, source: Source, settings: Settings, case: Case | None = None, attempt: Attempt | None = None
) -> Project:
    """What recipes read; with ``case``, what the built image says goes before what the text says.

    With an ``attempt`` that works, recipes know what of the system the program uses.
    """
    built = case.subject if case else None
    return open_project(
        source.dockerfile,
        source.context,
        base=_base(store, source, settings),
        built=built.image.config.container if built else None,
        tree=built.tree if built else None,
        target=settings.build.target,
        args=settings.build.args,
        extra=settings.extra,
        kept=attempt.plan.keep if attempt is not None and attempt.verdict.same else (),
    )


def _base(store: Store, source: Source, settings: Settings) -> ContainerConfig | None:
    """How the image runs that the last stage begins with, where the store has it."""
    args = {name: value for name, value in meta_args(source.dockerfile) if value is not None} | dict(
        settings.build.args
    )
    stage = select(stages(source.dockerfile), settings.build.target)
    try:
        name = expand(stage.base.image, args, source.dockerfile.escape)
        return transfer.resolve(store, name, pull="never").config.container
    except JettisonError:
        return None  # scratch, an earlier stage, or never pulled


def by_observation(case: Case, source: Source, attempt: Attempt, settings: Settings) -> Proposal:
    """The Dockerfile that makes what was carved; ruled out where that differs from the original."""
    if not attempt.verdict.same:
        return Proposal(OBSERVATION, "", reason=f"the carved image differs: {attempt.verdict.differences[0]}")
    subject = case.subject
    try:
        observed = observation.write(
            source.dockerfile, source.name, subject.image.config, subject.tree, attempt.plan, subject.packages,
            subject.attribution, target=settings.build.target,
        )  # fmt: skip
    except Unsupported as error:
        return Proposal(OBSERVATION, "", reason=str(error))
    size = subject.tree.subset(observed.plan.keep).disk_bytes
    return Proposal(OBSERVATION, observed.text, None, size, observed.notes)


def _in_order(proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """By expected size; what is expected of a base alone counts as it is, since nothing better is known."""
    return tuple(
        sorted(proposals, key=lambda one: (bool(one.reason), one.expected_bytes is None, one.expected_bytes or 0))
    )


def _line(tried: Tried) -> CandidateLine:
    proposal = tried.proposal
    return CandidateLine(
        name=proposal.name,
        recipe=proposal.recipe,
        base=proposal.base.reference if proposal.base else "scratch",
        outcome=str(tried.outcome),
        reason=tried.reason,
        disk_bytes=tried.size.disk_bytes if tried.size else None,
        compressed_bytes=tried.size.compressed_bytes if tried.size else None,
        expected_bytes=proposal.expected_bytes,
        build_seconds=tried.build_seconds if tried.size else None,
        healed=tried.healed,
    )


def _probes(tuned: Tuned) -> tuple[ProbeLine, ...]:
    """What was asked of the best; of none, what the first that was built answered otherwise."""
    shown = tuned.best or next((one for one in tuned.tried if one.verdict), None)
    if shown is None or shown.verdict is None:
        return ()
    assert shown.outcome in (Outcome.WORKS, Outcome.DIFFERS)
    return tuple(ProbeLine(c.scenario, c.probe, c.answer, c.agreed, c.difference) for c in shown.verdict.checks)
