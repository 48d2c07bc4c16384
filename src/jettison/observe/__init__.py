"""Run an image, ask it questions, and see what it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jettison.errors import ProbeError
from jettison.filetree import FileTree, index
from jettison.observe.model import Observation, Run
from jettison.observe.run import run
from jettison.observe.scenario import Scenario, Settings, scenarios
from jettison.oci.descriptor import Platform
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.runtime import require

__all__ = ["Observation", "Run", "Scenario", "Settings", "again", "attempt", "observe", "scenarios"]


def observe(
    store: Store,
    image: Image,
    scenarios: Sequence[Scenario],
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
    tree: FileTree | None = None,
) -> Observation:
    """Run every scenario on an image that has to work.

    ``tree`` is the image's file tree, where it is known already. Raises ``ProbeError`` where the program does not
    start, is not ready in time, or does not answer its own probes; ``PrivilegeRequired`` where this machine cannot.
    """
    seen = attempt(store, image, scenarios, settings, tree)
    if seen.failure:
        raise ProbeError(f"cannot go on with an image that does not work by itself: {seen.failure}{_foreign(image)}")
    return seen


def _foreign(image: Image) -> str:
    """A likely reason; it is not refused before it was tried, since an emulator may be installed."""
    wanted, here = image.config.platform, Platform.host()
    if wanted.architecture == here.architecture:
        return ""
    return f" (the image is for {wanted}, this machine is {here})"


def attempt(
    store: Store,
    image: Image,
    scenarios: Sequence[Scenario],
    settings: Settings = Settings(),  # noqa: B008 - a frozen value
    tree: FileTree | None = None,
) -> Observation:
    """Run every scenario on an image that may not work: what fails is in ``Run.failure``, to be compared."""
    require()
    snapshots = store.snapshots(image)
    known = index(snapshots) if tree is None else tree
    runs = []
    tracer = settings.tracer
    for scenario in scenarios:
        with store.scratch("observe") as scratch:
            one, tracer = run(snapshots, known, scenario, settings, scratch)
        runs.append(one)
    return Observation(tuple(runs), tracer)


def again(settings: Settings, observation: Observation) -> Settings:
    """Settings for a run that is compared with ``observation``: no tracing, and a time limit that fits.

    What takes ten times as long as the slowest answer of the original will not come, and waiting for it is what
    makes a failed round slow.
    """
    times = [answer.seconds for run in observation.runs for answer in run.answers]
    slowest = max((*times, *(run.ready_seconds or 0.0 for run in observation.runs)), default=0.0)
    return replace(settings, tracer="none", timeout=min(settings.timeout, 5.0 + 10 * slowest))
