"""Change the root file system of a stage: by the cache where it knows the result, else in an overlay mount."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jettison.builder import chain
from jettison.builder.chain import Made, Piece
from jettison.builder.model import Outcome, Timing
from jettison.builder.stage import Build, Stage
from jettison.runtime import Rootfs, mounted


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a step works: the mounted root file system, an empty directory on the store's file system, and output.

    ``tidy`` are called with the upper directory once it is no longer mounted.
    """

    root: Rootfs
    scratch: Path
    output: Callable[[bytes], None]
    tidy: list[Callable[[Path], None]] = field(default_factory=list)


Work = Callable[[Workspace], None]


def change(stage: Stage, created_by: str, key: str, work: Work, *, alone: bool = False) -> None:
    """Extend ``stage`` by what ``work`` changes. ``alone`` works on an empty root file system (COPY --link)."""
    build = stage.build
    build.check()
    began = time.monotonic()
    shown = build.options.progress.start(stage.title)
    outcome: Outcome = "failed"
    try:
        with build.store.lock(f"build-{key}"):
            made = None if build.options.no_cache else chain.recall(build.store, key)
            if made is None:
                with build.slots:
                    made = _work(build, key, work, () if alone else stage.pieces, shown)
                outcome = "done"
            else:
                outcome = "cached"
    finally:
        build.options.progress.finish(shown, outcome)
    build.timings.append(Timing(stage.title, time.monotonic() - began, outcome == "cached"))
    stage.add(created_by, key, made)


def _work(build: Build, key: str, work: Work, below: Sequence[Piece], shown: int) -> Made:
    progress = build.options.progress
    with build.store.scratch("step") as scratch:
        own = scratch / "own"
        own.mkdir(mode=0o700)
        lowers = chain.directories(build.store, below)
        with mounted(lowers, scratch) as root:
            space = Workspace(root, own, lambda data: progress.output(shown, data))
            work(space)
        for tidy in space.tidy:
            tidy(root.upper)
        made = Made(build.now())
        if os.listdir(root.upper):
            made = Made(made.created, chain.new_name())
            os.rename(root.upper, chain.snapshot(build.store, made.snapshot))
    chain.remember(build.store, key, made)
    return made
