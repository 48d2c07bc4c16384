"""What was seen while an image ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jettison.closure.model import Evidence
from jettison.probes.model import Answer


@dataclass(frozen=True, slots=True)
class Run:
    """One observed run of one scenario.

    ``opened`` maps each existing path of the image that was opened or executed (resolved, as the container sees
    it) to its evidence; ``created`` are paths that the run itself wrote; ``missing`` are look-ups that failed
    (only where they were traced); ``listening`` are ``tcp/8080``-like ports; ``exit_code`` is ``None`` while
    running at the end; ``log`` is the tail of the container's output; ``new_paths`` is how many paths
    each probe, in order, was the first to open (the saturation curve), start-up first.
    """

    scenario: str
    opened: Mapping[str, frozenset[Evidence]]
    answers: tuple[Answer, ...]
    listening: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()
    exit_code: int | None = None
    log: bytes = b""
    ready_seconds: float | None = None
    new_paths: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """All runs of one image, united."""

    runs: tuple[Run, ...] = ()
    tracer: str = "fanotify"
    caveats: tuple[str, ...] = field(default=())

    @property
    def opened(self) -> dict[str, frozenset[Evidence]]:
        """Path -> evidence over all runs."""
        united: dict[str, frozenset[Evidence]] = {}
        for run in self.runs:
            for path, evidence in run.opened.items():
                united[path] = united.get(path, frozenset()) | evidence
        return united
