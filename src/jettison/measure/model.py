"""What was measured, as data. Times are in seconds, sizes in bytes, rates in bytes a second."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from jettison.errors import InvalidInput, NotFound

#: Raised by one whenever a key is removed or changes its meaning; new keys do not raise it.
SCHEMA_VERSION = 1


class Action(StrEnum):
    """What was timed. ``fetch``, ``decompress`` and ``unpack`` are the parts of a ``pull``."""

    BUILD = "build"
    PUSH = "push"
    BUILD_PUSH = "build + push"
    PULL = "pull"
    FETCH = "fetch"
    DECOMPRESS = "decompress"
    UNPACK = "unpack"
    START = "start"
    RECOVERY = "recovery"


class State(StrEnum):
    """What was there already."""

    COLD = "cold"
    ONE_FILE = "one file changed"
    NOTHING = "nothing changed"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured. ``cpus`` are those that were used, where fewer than there are (``--cpus``)."""

    cores: int
    cpu: str = ""
    memory_bytes: int = 0
    disk: str = ""
    kernel: str = ""
    system: str = ""
    cpus: int | None = None
    tools: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``2 cores, 23 GiB``: what a chart calls it."""
        return f"{self.cpus or self.cores} cores, {self.memory_bytes / 2**30:.0f} GiB"


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: wall time, processor time and peak memory of all its processes, bytes that crossed the link."""

    seconds: float
    cpu_seconds: float | None = None
    peak_bytes: int | None = None
    wire_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One action on one image by one tool over one link. ``link`` is ``unshaped`` or a rate as ``100mbit``.

    ``verified``: the tool's file tree was compared and is the same; ``None`` where the action leaves none.
    """

    image: str
    tool: str
    action: Action
    state: State
    link: str
    samples: tuple[Sample, ...]
    verified: bool | None = None
    note: str = ""
    machine: str = ""

    @property
    def median(self) -> float:
        """Of the wall times."""
        return statistics.median(sample.seconds for sample in self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The shortest and the longest wall time."""
        times = [sample.seconds for sample in self.samples]
        return min(times), max(times)


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer, as a pull sees it."""

    digest: str
    compressed_bytes: int
    uncompressed_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One image."""

    name: str
    digest: str
    compressed_bytes: int
    disk_bytes: int
    files: int
    layers: tuple[LayerFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """The least time that one action can take, by term: the largest of link, codec and disk, and what is added.

    ``link``: compressed bytes over the rate; ``codec``: uncompressed bytes over what all cores decompress; ``disk``:
    uncompressed bytes over the disk's rate and files times the cost of one; ``round_trips``; ``start``.
    """

    image: str
    action: Action
    link_name: str
    link: float
    codec: float
    disk: float
    round_trips: float
    start: float = 0.0

    @property
    def seconds(self) -> float:
        """The floor itself."""
        return max(self.link, self.codec, self.disk) + self.round_trips + self.start


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that one run of ``jettison bench`` found out, or several that were merged."""

    date: str
    machines: tuple[Machine, ...]
    images: tuple[ImageFacts, ...]
    measurements: tuple[Measurement, ...]
    floors: tuple[Floor, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    complete: bool = True
    schema_version: int = SCHEMA_VERSION

    def of(self, action: Action, image: str, tool: str = "jettison", state: State = State.COLD) -> Measurement | None:
        """The first measurement of that kind; ``None`` where it was not made."""
        wanted = (action, image, tool, state)
        found = (one for one in self.measurements if (one.action, one.image, one.tool, one.state) == wanted)
        return next(found, None)


def to_json(bench: Bench) -> str:
    """One JSON document."""
    return json.dumps(asdict(bench), indent=2)


def load(path: Path) -> Bench:
    """What ``jettison bench`` wrote to a file. Raises ``NotFound`` or ``InvalidInput`` naming it."""
    try:
        return from_json(path.read_bytes(), str(path))
    except OSError as error:
        raise NotFound(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error


def from_json(text: str | bytes, name: str) -> Bench:
    """What ``to_json`` wrote. Raises ``InvalidInput`` naming the file for anything else, or another schema."""
    try:
        value = json.loads(text)
        version = value["schema_version"]
        if version != SCHEMA_VERSION:
            raise InvalidInput(
                f"cannot read {name}: it has schema version {version}, and {SCHEMA_VERSION} is known here"
            )
        return _bench(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"cannot read {name}: it is no result of jettison bench ({error})") from error


def _bench(value: Mapping[str, Any]) -> Bench:
    return Bench(
        date=str(value["date"]),
        machines=tuple(Machine(**one) for one in value["machines"]),
        images=tuple(
            ImageFacts(**{**one, "layers": tuple(LayerFacts(**layer) for layer in one["layers"])})
            for one in value["images"]
        ),
        measurements=tuple(_measurement(one) for one in value["measurements"]),
        floors=tuple(Floor(**{**one, "action": Action(one["action"])}) for one in value.get("floors", ())),
        rates=dict(value.get("rates", {})),
        notes=tuple(value.get("notes", ())),
        complete=bool(value.get("complete", True)),
    )


def _measurement(value: Mapping[str, Any]) -> Measurement:
    samples = tuple(Sample(**one) for one in value["samples"])
    if not samples:
        raise ValueError("a measurement without samples")
    read = {"action": Action(value["action"]), "state": State(value["state"]), "samples": samples}
    return Measurement(**{**value, **read})
