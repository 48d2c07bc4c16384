"""What a build is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from jettison.oci import progress as transfers
from jettison.oci.descriptor import Platform
from jettison.oci.image import Image

Network: TypeAlias = Literal["default", "none", "host"]
Outcome: TypeAlias = Literal["done", "cached", "failed"]


class Progress(Protocol):
    """Told about steps; called from several threads at once. Output is what the step's program printed, in pieces."""

    def start(self, title: str) -> int:
        """A step begins; gives the key for the other calls."""
        ...

    def output(self, key: int, data: bytes) -> None:
        """The step's program printed ``data``."""
        ...

    def finish(self, key: int, outcome: Outcome) -> None:
        """The step is over."""
        ...

    def warn(self, message: str) -> None:
        """Something that does not stop the build, in one line."""
        ...


class Silent:
    """Tells nobody."""

    def start(self, title: str) -> int:
        """See ``Progress.start``."""
        return 0

    def output(self, key: int, data: bytes) -> None:
        """See ``Progress.output``."""

    def finish(self, key: int, outcome: Outcome) -> None:
        """See ``Progress.finish``."""

    def warn(self, message: str) -> None:
        """See ``Progress.warn``."""


SILENT = Silent()


@dataclass(frozen=True, slots=True)
class Options:
    """How to build.

    ``args`` are ``--build-arg``; ``secrets`` maps an id to its content; ``epoch`` (seconds) is the latest time that
    is written anywhere; ``compression`` is that of new layers.
    """

    target: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    network: Network = "default"
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    no_cache: bool = False
    pull: bool = False
    epoch: int | None = None
    compression: str = "zstd"
    progress: Progress = SILENT
    transfers: transfers.Progress = transfers.SILENT


@dataclass(frozen=True, slots=True)
class Timing:
    """One step: its instruction, its wall time in seconds, and whether the cache had it."""

    step: str
    seconds: float
    cached: bool


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The image, stored, and how long each step took, in the order in which the steps ended."""

    image: Image
    steps: tuple[Timing, ...] = ()
