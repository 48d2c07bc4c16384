"""What a bench has found out so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jettison.errors import JettisonError
from jettison.measure.bench.model import Job
from jettison.measure.model import Action, Bench, Floor, ImageFacts, Machine, Measurement, Sample


class Results:
    """Grows while a bench runs; at any moment ``bench`` gives what there is."""

    def __init__(self, date: str, machine: Machine, cpus: tuple[int, ...]) -> None:
        self._date, self._machine = date, machine
        self._machines: dict[int | None, Machine] = {number: replace(machine, cpus=number) for number in cpus}
        self._machines = self._machines or {None: machine}
        self._images: list[ImageFacts] = []
        self._samples: dict[Job, list[Sample]] = {}
        self._verified: dict[Job, bool] = {}
        self._failures: dict[Job, str] = {}
        self._floors: list[Floor] = []
        self._complete = True
        self._reasons: list[str] = []
        self.rates: Mapping[str, float] = {}
        self.notes: list[str] = []

    def note(self, *lines: str) -> None:
        """Add sentences."""
        self.notes += [line for line in lines if line not in self.notes]

    def lacking(self, *lines: str) -> None:
        """Add sentences that say why something was not measured."""
        self._reasons += lines
        self.note(*lines)

    def image(self, facts: ImageFacts) -> None:
        """Add an image."""
        self._images.append(facts)

    def floors(self, found: Iterable[Floor]) -> None:
        """Add floors."""
        self._floors += found

    def unproved(self, job: Job) -> bool:
        """Whether the files of that job were not compared yet."""
        return job not in self._verified

    def add(self, job: Job, sample: Sample, verified: bool | None, *, counts: bool) -> None:
        """Add a run; a warm-up does not count."""
        if verified is not None:
            self._verified[job] = verified
        if counts:
            self._samples.setdefault(job, []).append(sample)

    def failed(self, job: Job, line: str) -> None:
        """It is not run again; what was measured of it before stays, with that note."""
        self._failures[job] = line
        self.lacking(line)

    def require(self) -> None:
        """Raises ``JettisonError``, with the first reason, where nothing at all was measured."""
        if not self._samples:
            raise JettisonError(f"cannot measure anything: {self._reasons[0]}")

    def interrupted(self) -> None:
        """The rest was not measured."""
        self._complete = False
        self.note("interrupted: what is missing was not measured")

    def bench(self) -> Bench:
        """Everything so far."""
        return Bench(
            date=self._date,
            machines=tuple(self._machines.values()),
            images=tuple(self._images),
            measurements=tuple(
                self._measurement(job, samples) for job, samples in sorted(self._samples.items(), key=_key)
            ),
            floors=tuple(self._floors),
            rates=self.rates,
            notes=tuple(self.notes),
            complete=self._complete,
        )

    def _measurement(self, job: Job, samples: list[Sample]) -> Measurement:
        return Measurement(
            image=job.subject.name,
            tool=job.tool,
            action=job.action,
            state=job.state,
            link=job.rate.name,
            samples=tuple(samples),
            verified=self._verified.get(job),
            note=self._failures.get(job, ""),
            machine=self._machines[job.cpus].name,
        )


def _key(item: tuple[Job, list[Sample]]) -> tuple[object, ...]:
    job = item[0]
    actions = list(Action)
    return (
        job.subject.tag, actions.index(job.action), job.state, job.rate.bits or 0.0, job.cpus or 0,
        job.tool != "jettison", job.tool,
    )  # fmt: skip
