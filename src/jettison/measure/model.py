"""What was measured, as data. Times are in seconds, sizes in bytes, rates in bytes a second."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from jettison.errors import InvalidInput, NotFound
from jettison.measure.values import Values, values

#: Raised by one whenever a key is removed or changes its meaning; new keys do not raise it.
SCHEMA_VERSION = 1
#: No run is over sooner, in seconds.
_SHORTEST = 1e-9
#: Of what is wrong with a document, so many characters are said.
_SAID = 160


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
    """Where it was measured. ``cpus`` are those that were used, where fewer than there are (``--cpus``).

    ``label`` is its name where that alone would stand for several machines.
    """

    cores: int
    cpu: str = ""
    memory_bytes: int = 0
    disk: str = ""
    kernel: str = ""
    system: str = ""
    cpus: int | None = None
    tools: Mapping[str, str] = field(default_factory=dict)
    label: str = ""

    @property
    def name(self) -> str:
        """``2 cores, 23 GiB``: what a chart and each measurement call it."""
        used = self.cpus or self.cores
        return self.label or f"{used} {'core' if used == 1 else 'cores'}, {self.memory_bytes / 2**30:.0f} GiB"


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

    ``link``: compressed bytes over the rate; ``codec``: uncompressed bytes over what all used cores decompress;
    ``disk``: uncompressed bytes over the disk's rate and files times the cost of one; ``round_trips``; ``start``.
    ``machine`` is whose it is.
    """

    image: str
    action: Action
    link_name: str
    link: float
    codec: float
    disk: float
    round_trips: float
    start: float = 0.0
    machine: str = ""

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
    """What ``to_json`` wrote; keys that are not known are ignored. Raises ``InvalidInput`` naming the file for anything
    else, for values of another type or range, and for another schema."""
    try:
        value = values(json.loads(text))
        version = value.count("schema_version")
        if version != SCHEMA_VERSION:
            raise InvalidInput(
                f"cannot read {name}: it has schema version {version}, and {SCHEMA_VERSION} is known here"
            )
        return _bench(value)
    except (ValueError, RecursionError) as error:
        said = str(error)[:_SAID]
        raise InvalidInput(f"cannot read {name}: it is no result of jettison bench ({said})") from error


def _bench(value: Values) -> Bench:
    machines = tuple(map(_machine, value.each("machines")))
    unnamed = _unnamed(machines)
    return Bench(
        date=value.text("date"),
        machines=machines,
        images=tuple(map(_image, value.each("images"))),
        measurements=tuple(map(_measurement, value.each("measurements"))),
        floors=tuple(_floor(one, unnamed) for one in value.each("floors", [])),
        rates=value.named_numbers("rates"),
        notes=value.texts("notes"),
        complete=value.flag("complete", True) is True,
    )


def _unnamed(machines: tuple[Machine, ...]) -> str:
    """Whose a floor is where it has no such key: of the only one, where it used all its processors; else of none."""
    only = machines[0] if len(machines) == 1 else None
    return only.name if only and only.cpus in (None, only.cores) else ""


def _machine(value: Values) -> Machine:
    return Machine(
        cores=value.count("cores", least=1),
        cpu=value.text("cpu", ""),
        memory_bytes=value.count("memory_bytes", 0),
        disk=value.text("disk", ""),
        kernel=value.text("kernel", ""),
        system=value.text("system", ""),
        cpus=value.maybe_count("cpus", least=1),
        tools=value.named_texts("tools"),
        label=value.text("label", ""),
    )


def _image(value: Values) -> ImageFacts:
    return ImageFacts(
        name=value.text("name"),
        digest=value.text("digest"),
        compressed_bytes=value.count("compressed_bytes"),
        disk_bytes=value.count("disk_bytes"),
        files=value.count("files"),
        layers=tuple(map(_layer, value.each("layers", []))),
    )


def _layer(value: Values) -> LayerFacts:
    sizes = (value.count(key) for key in ("compressed_bytes", "uncompressed_bytes", "files"))
    return LayerFacts(value.text("digest"), *sizes)


def _measurement(value: Values) -> Measurement:
    samples = tuple(map(_sample, value.each("samples")))
    if not samples:
        raise ValueError("a measurement without samples")
    return Measurement(
        image=value.text("image"),
        tool=value.text("tool"),
        action=Action(value.text("action")),
        state=State(value.text("state")),
        link=value.text("link"),
        samples=samples,
        verified=value.flag("verified"),
        note=value.text("note", ""),
        machine=_named(value),
    )


def _sample(value: Values) -> Sample:
    return Sample(
        seconds=value.number("seconds", least=_SHORTEST),
        cpu_seconds=value.maybe_number("cpu_seconds"),
        peak_bytes=value.maybe_count("peak_bytes"),
        wire_bytes=value.maybe_count("wire_bytes"),
    )


def _floor(value: Values, unnamed: str) -> Floor:
    return Floor(
        image=value.text("image"),
        action=Action(value.text("action")),
        link_name=value.text("link_name"),
        link=value.number("link"),
        codec=value.number("codec"),
        disk=value.number("disk"),
        round_trips=value.number("round_trips"),
        start=value.number("start", 0.0),
        machine=_named(value, unnamed),
    )


def _named(value: Values, default: str = "") -> str:
    """The machine; results of before the plural was right said ``1 cores``."""
    return re.sub(r"^1 cores,", "1 core,", value.text("machine", default))
