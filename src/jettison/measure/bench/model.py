"""What a bench is made of: subjects, tools, clients, commands and jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jettison.measure.links import Rate
from jettison.measure.model import Action, ImageFacts, State
from jettison.oci.image import Image


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that is timed or prepares something; ``environment`` is added to ours."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def command(*arguments: str | Path, **environment: str) -> Command:
    """A command line."""
    return Command(tuple(map(str, arguments)), environment)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One thing to measure. ``image`` is in the bench's own store under ``tag``; ``context`` is what a PATH names."""

    facts: ImageFacts
    image: Image
    tag: str
    context: Path | None = None

    @property
    def name(self) -> str:
        """As the user wrote it."""
        return self.facts.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client works: directories of its own, and how its processes are started."""

    directory: Path
    launcher: Launcher


class Launcher(Protocol):
    """Starts processes at the client's end of the link, on the processors that are to be used."""

    def run(self, wanted: Command) -> str:
        """Run something that is not timed; gives its standard output. Raises ``JettisonError`` if it fails."""

    def daemon(self, wanted: Command, log: Path) -> AbstractContextManager[int]:
        """Run something until the context ends; gives its process id."""


class Client(Protocol):
    """One tool with a fresh root."""

    @property
    def daemons(self) -> tuple[int, ...]:
        """The processes whose work is part of what a command does."""

    def pull(self, reference: str) -> Command:
        """Fetch and unpack."""

    def obtain(self, reference: str) -> Command:
        """Have the image, so that it can be pushed."""

    def push(self, source: str, target: str) -> Command:
        """Send what was pulled from ``source`` to ``target``."""

    def prepare_push(self, source: str, target: str) -> None:
        """After ``source`` was pulled: whatever the tool wants to be done before it pushes to ``target``."""

    def tree(self, reference: str) -> AbstractContextManager[Sequence[Path]]:
        """The unpacked image as snapshots, lowest first."""


class Tool(Protocol):
    """A program that moves images."""

    @property
    def name(self) -> str:
        """As users call it."""

    @property
    def unpacks(self) -> bool:
        """Whether its pull gives a root file system; of one that only copies layers, it is a fetch."""

    def version(self) -> str:
        """In one line; empty where it is not installed."""

    def warm(self) -> Sequence[Command]:
        """Have the program in memory, as where it is used every day."""

    def client(self, place: Place, registries: Sequence[str]) -> AbstractContextManager[Client]:
        """A client with an empty root."""


@dataclass(frozen=True, slots=True)
class Job:
    """One cell of the matrix."""

    subject: Subject
    tool: str
    action: Action
    state: State
    rate: Rate
    cpus: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure and how. ``registry`` is ``HOST[:PORT]/prefix``; empty: one of our own.

    ``named``: the actions were asked for, so that one of which there is nothing to measure is told.
    """

    images: tuple[str, ...]
    actions: tuple[Action, ...]
    states: tuple[State, ...] = (State.COLD, State.ONE_FILE, State.NOTHING)
    rates: tuple[Rate, ...] = (Rate(),)
    tools: tuple[str, ...] = ()
    cpus: tuple[int, ...] = ()
    runs: int = 10
    seed: int = 0
    warm_up: bool = True
    timeout: float = 600.0
    registry: str = ""
    insecure: bool = False
    compression: str = ""
    change: str = ""
    verify: bool = True
    named: bool = False
