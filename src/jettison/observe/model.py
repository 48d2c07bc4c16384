"""What was seen while an image ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jettison.closure.model import Evidence
from jettison.probes.model import Answer


@dataclass(frozen=True, slots=True)
class Access:
    """``path``, as the container sees it, was opened or executed by ``program`` (the path of its executable)."""

    path: str
    program: str
    executed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a tracer saw since it was last asked, in order.

    ``missing`` are paths that were looked up in vain; ``calls`` names of system calls.
    """

    accesses: tuple[Access, ...] = ()
    missing: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class Tracer(Protocol):
    """Sees what a container opens. A context manager that is entered before the container is started.

    ``caveats`` say what may not have been seen.
    """

    name: str
    caveats: list[str]

    def attach(self, pid: int) -> None:
        """The container was made, its init is ``pid``, and its program was not started yet."""

    def wrap(self) -> Sequence[str]:
        """First words for a command that starts another process in the container, so that it is traced too."""

    def drain(self) -> Seen:
        """What is new, once everything that has happened so far was taken in."""


@dataclass(frozen=True, slots=True)
class Run:
    """One observed run of one scenario.

    ``opened`` maps each existing path of the image that was opened or executed (resolved, as the container sees
    it) to its evidence; ``created`` are paths that the run itself wrote; ``missing`` maps paths that were looked up
    in vain (only where that was traced) to the probe during which that happened first; ``listening`` are
    ``tcp/8080``-like ports; ``exit_code`` is ``None`` while running at the end; ``log`` is the tail of the
    container's output; ``new_paths`` is how many paths each probe, in order, was the first to open (the saturation
    curve), start-up first; ``failure`` says in words why the program does not work, and is empty where it does;
    ``started`` is false where the container runtime could not even start it; ``calls`` are the names of the system
    calls it made (only where these were traced); ``order`` has the paths of ``opened`` as they were first opened.
    """

    scenario: str
    opened: Mapping[str, frozenset[Evidence]]
    answers: tuple[Answer, ...]
    listening: frozenset[str] = frozenset()
    missing: Mapping[str, str] = field(default_factory=dict)
    created: frozenset[str] = frozenset()
    exit_code: int | None = None
    log: bytes = b""
    ready_seconds: float | None = None
    new_paths: tuple[tuple[str, int], ...] = ()
    failure: str = ""
    started: bool = True
    caveats: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """All runs of one image, united. ``tracer`` is the back end that saw them: ``fanotify``, ``strace``, ``none``."""

    runs: tuple[Run, ...] = ()
    tracer: str = "fanotify"

    @property
    def caveats(self) -> tuple[str, ...]:
        """What may not have been seen, or is not as the image says, each once."""
        return tuple(dict.fromkeys(caveat for run in self.runs for caveat in run.caveats))

    @property
    def failure(self) -> str:
        """Why the image does not work, ``SCENARIO: reason``; empty where it does."""
        return "; ".join(f"{run.scenario}: {run.failure}" for run in self.runs if run.failure)

    @property
    def opened(self) -> dict[str, frozenset[Evidence]]:
        """Path -> evidence over all runs."""
        united: dict[str, frozenset[Evidence]] = {}
        for run in self.runs:
            for path, evidence in run.opened.items():
                united[path] = united.get(path, frozenset()) | evidence
        return united
