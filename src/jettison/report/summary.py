"""From what the pipeline found out to a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

import jettison
from jettison.closure.model import Evidence
from jettison.filetree import FileEntry, FileTree, Kind
from jettison.observe import Observation
from jettison.oci.image import Image
from jettison.packages.model import Package
from jettison.plan import Plan, strength
from jettison.plan.why import sentence
from jettison.report.model import Category, KeptFile, Measure, Phase, ProbeLine, Report, Saturation
from jettison.verify import Verdict

#: How many of the largest files are shown.
_LARGEST = 10
#: Evidence -> what the category is called.
_CATEGORIES = {
    "executed": "executed in a run", "opened": "opened in a run", "include": "asked for", "healed": "healed",
    "config": "named in the configuration", "script": "programs of scripts", "elf": "libraries that are linked",
    "import": "modules that are imported", "dlopen": "plug-ins", "mention": "mentioned by the application",
    "application": "the application's own", "package": "rest of a package in use",
    "runtime": "standard library in use", "essential": "in every image", "record": "package records",
    "link": "links and other names", "directory": "directories",
}  # fmt: skip


class Known(Protocol):
    """An indexed image."""

    @property
    def tree(self) -> FileTree: ...

    @property
    def packages(self) -> tuple[Package, ...]: ...


class Proved(Protocol):
    """A small image with its plan and verdict."""

    @property
    def image(self) -> Image: ...

    @property
    def plan(self) -> Plan: ...

    @property
    def verdict(self) -> Verdict: ...

    @property
    def healed(self) -> Mapping[str, Evidence]: ...

    @property
    def rounds(self) -> int: ...


def measure(image: Image, known: Known) -> Measure:
    """How big an image is."""
    return Measure(
        disk_bytes=known.tree.disk_bytes,
        compressed_bytes=image.compressed_bytes,
        files=sum(entry.kind is not Kind.DIRECTORY for entry in known.tree.values()),
        packages=len(known.packages),
        layers=len(image.layers),
        compression=tuple(sorted({layer.compression for layer in image.layers})),
    )


def report(
    name: str,
    policy: str,
    stripped: bool,
    before: Measure,
    after: Measure,
    small: FileTree,
    outcome: str,
    proved: Proved,
    observation: Observation,
    caveats: Iterable[str],
    phases: tuple[Phase, ...],
) -> Report:
    """Put it all together; where the original stays, ``after`` is what ``before`` is."""
    descriptor = proved.image.descriptor
    keeps_original = outcome == "original"
    return Report(
        image=name,
        result="",
        digest=str(descriptor.digest) if descriptor and outcome == "shrunk" else "",
        outcome=outcome,
        verdict="same" if proved.verdict.same else "different",
        policy=str(policy),
        stripped=stripped,
        before=before,
        after=before if keeps_original else after,
        categories=() if keeps_original else categories(small, proved.plan),
        largest=() if keeps_original else largest(small, proved.plan),
        probes=tuple(
            ProbeLine(check.scenario, check.probe, check.answer, check.agreed, check.difference)
            for check in proved.verdict.checks
        ),
        saturation=tuple(
            Saturation(run.scenario, probe, count) for run in observation.runs for probe, count in run.new_paths
        ),
        healed=tuple(f"{path} ({reason.by})" for path, reason in sorted(proved.healed.items())),
        rounds=proved.rounds,
        caveats=tuple(dict.fromkeys(caveats)),
        phases=phases,
        tools={"jettison": jettison.__version__, "tracer": observation.tracer},
    )


def categories(small: FileTree, plan: Plan) -> tuple[Category, ...]:
    """Kept files by their strongest evidence, the largest category first; a hard-linked file's bytes count once."""
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    seen: set[tuple[int, int]] = set()
    for path, entry in small.items():
        if entry.kind is Kind.DIRECTORY or not plan.keep.get(path):
            continue
        kind = _strongest(plan, path).kind
        files[kind] += 1
        sizes[kind] += _bytes_once(entry, seen)
    named = (Category(_CATEGORIES.get(kind, kind), files[kind], sizes[kind]) for kind in files)
    return tuple(sorted(named, key=lambda category: (-category.bytes, category.name)))


def _bytes_once(entry: FileEntry, seen: set[tuple[int, int]]) -> int:
    if entry.kind is not Kind.FILE or entry.inode in seen:
        return 0
    if entry.inode is not None:
        seen.add(entry.inode)
    return entry.size


def _strongest(plan: Plan, path: str) -> Evidence:
    return min(plan.keep[path], key=strength)


def largest(small: FileTree, plan: Plan) -> tuple[KeptFile, ...]:
    """The largest kept files, each with the strongest reason for it."""
    files = sorted((e for e in small.values() if e.kind is Kind.FILE), key=lambda e: (-e.size, e.path))
    return tuple(
        KeptFile(entry.path, entry.size, sentence(_strongest(plan, entry.path)) if plan.keep.get(entry.path) else "")
        for entry in files[:_LARGEST]
    )
