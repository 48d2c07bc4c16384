"""What ``--html``, ``--badge`` and ``--markdown`` write."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jettison
from jettison import pipeline
from jettison.filetree import FileTree
from jettison.inspection import inspect
from jettison.inspection.model import Contents, LayerLine
from jettison.inspection.treemap import treemap
from jettison.oci.layout import Store
from jettison.plan import Plan, why
from jettison.report.html import Page, render
from jettison.report.model import Report
from jettison.report.tables import size
from jettison.tuner import Rewritten

if TYPE_CHECKING:
    from jettison.measure.recovery.model import Recovery
    from jettison.pipeline import Case, Subject


def write(page: Page, flags: Mapping[str, Any]) -> None:
    """Write whatever was asked for."""
    from jettison.report import badge, markdown

    if flags["html"]:
        _put(flags["html"], render(page))
    if flags["markdown"]:
        _put(flags["markdown"], markdown.render(page))
    if flags["badge"]:
        _put(flags["badge"], badge.render(page))


def _put(path: Path, content: str) -> None:
    """In one step, so that nobody reads half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)


def of_shrink(shrunk: pipeline.Shrunk, report: Report, flags: Mapping[str, Any]) -> Page:
    """The page of ``jettison shrink``."""
    case, small = shrunk.case, pipeline.study(shrunk.case.store, shrunk.image)
    return Page(
        title=f"{report.image} → {report.result}" if report.result else report.image,
        names=(report.image, report.result or "the original"),
        outcome=_outcome(report),
        before=report.before,
        after=report.after,
        bench=_bench(flags),
        trees=_trees(case, shrunk.attempt.plan, small, report.image, report.result or "small image"),
        layers=_layers(case, small, report.image, report.result or "small image"),
        probes=report.probes,
        saturation=report.saturation,
        largest=report.largest,
        security=report.security,
        notes=report.caveats,
        phases=report.phases,
        made=_made(report.tools),
    )


def of_rewrite(found: Rewritten, original: str, flags: Mapping[str, Any]) -> Page:
    """The page of ``jettison rewrite``; ``original`` is the Dockerfile's text."""
    case, plan, report = found.case, found.attempt.plan, found.report
    image = found.best.image if found.best is not None else None
    small = pipeline.study(case.store, image) if image is not None else case.subject
    name = f"{report.image}:rewritten"
    return Page(
        title=f"{report.image}: Dockerfile rewritten" if report.chosen else f"{report.image}: not rewritten",
        names=(report.image, name),
        outcome=f"The smallest candidate that answers all probes alike: {report.chosen}." if report.chosen else "",
        before=report.before,
        after=report.after,
        bench=_bench(flags),
        trees=_trees(case, plan, small, report.image, name) if image is not None else (),
        layers=_layers(case, small, report.image, name) if image is not None else (),
        candidates=report.candidates,
        chosen=report.chosen,
        probes=report.probes,
        security=report.security,
        dockerfiles=(original, report.dockerfile) if report.chosen else None,
        notes=report.notes,
        phases=report.phases,
        made=_made(report.tools),
    )


def of_inspect(contents: Contents, tree: FileTree) -> Page:
    """The page of ``jettison inspect``: each file's note is what wastes it, if anything does."""
    wasted = {one.path: f"the same as {one.same_as}" for one in contents.waste if one.same_as}
    return Page(
        title=contents.image,
        outcome=f"{size(contents.disk_bytes)} on disk, {size(contents.compressed_bytes)} compressed, "
        f"{contents.files:,} files; efficiency {100 * contents.efficiency:.1f} %, "
        f"{size(contents.wasted_bytes)} wasted.",
        trees=((contents.image, treemap(tree, note=lambda path: wasted.get(path, ""))),),
        layers=((contents.image, contents.layers),),
        made=_made({}),
    )


def of_recovery(found: Recovery) -> Page:
    """The page of ``jettison recover``."""
    before, after = found.before, found.after
    return Page(
        title=f"Recovery: {before.name} → {after.name}",
        names=(before.name, after.name),
        outcome=f"{size(before.compressed_bytes)} compressed and {before.files:,} files become "
        f"{size(after.compressed_bytes)} and {after.files:,}. Scenario: {found.scenario}.",
        recovery=found,
        notes=("The times of recovery are simulated: docs/recovery.md says how, and how well that fits.", *found.notes),
        made=_made({}),
    )


def _outcome(report: Report) -> str:
    agreed = sum(probe.agreed for probe in report.probes)
    if report.outcome == "shrunk":
        return f"Proved: {agreed} of {len(report.probes)} probes answer alike. Policy: {report.policy}."
    if report.outcome == "original":
        return "The original is kept: nothing smaller was found."
    return "The small image behaves differently and was not kept."


def _bench(flags: Mapping[str, Any]) -> Any:
    from jettison.measure.model import load

    return load(flags["bench"]) if flags["bench"] else None


def _made(tools: Mapping[str, str]) -> dict[str, str]:
    stamp = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return {"Made": f"{stamp} by Jettison {jettison.__version__}"} | {
        name.capitalize(): value for name, value in tools.items() if name != "jettison"
    }


def _trees(case: Case, plan: Plan, small: Subject, before: str, after: str) -> tuple[Any, ...]:
    old = case.subject
    return (
        (before, treemap(old.tree, note=_evidence(plan, old))),
        (after, treemap(small.tree, note=_evidence(plan, old))),
    )


def _evidence(plan: Plan, subject: Subject) -> Callable[[str], str]:
    """Why a path is there: the first step of its evidence, its package, and the instruction that brought it."""

    def note(path: str) -> str:
        if path not in subject.tree:
            return ""
        found = why(plan, subject.tree, subject.attribution, path)
        told = [*found.chain[:1], f"package {found.package}" if found.package else "", found.instruction]
        kept = "kept" if found.kept else "dropped"
        return f"{kept}: {'; '.join(part for part in told if part)}"

    return note


def _layers(case: Case, small: Subject, before: str, after: str) -> tuple[tuple[str, tuple[LayerLine, ...]], ...]:
    return ((before, _of(case.store, case.subject)), (after, _of(case.store, small)))


def _of(store: Store, subject: Subject) -> tuple[LayerLine, ...]:
    snapshots = store.snapshots(subject.image)
    return inspect(subject.image, "", subject.tree, snapshots, subject.packages).layers
