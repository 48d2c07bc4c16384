"""Where a bench takes place: its store, the registry, the link, and the clients that have an image already."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jettison.errors import JettisonError
from jettison.filetree import index
from jettison.measure.bench.changed import changed
from jettison.measure.bench.fingerprint import different, fingerprint
from jettison.measure.bench.model import Client, Command, Job, Place, Plan, Subject
from jettison.measure.bench.process import Launcher, Ran
from jettison.measure.bench.registry import Registry
from jettison.measure.bench.tools import TOOLS
from jettison.measure.bench.tools.jettison import verb
from jettison.measure.links import Link, Rate
from jettison.measure.model import Sample
from jettison.oci.image import Image
from jettison.oci.layout import Store
from jettison.oci.reference import parse
from jettison.oci.removal import discard
from jettison.runtime import inside

_CONNECTIONS, _CONNECT_SECONDS = 9, 10.0
_DROP = Path("/proc/sys/vm/drop_caches")


class World:
    """``main`` is the user's store, ``own`` the bench's; ``link`` is ``None`` where none can be shaped."""

    def __init__(
        self, plan: Plan, main: Store, own: Store, directory: Path, registry: Registry, link: Link | None
    ) -> None:
        self.plan, self.main, self.own, self.registry, self.link = plan, main, own, registry, link
        self.directory = directory
        self._seeded: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        self._trees: dict[str, Mapping[str, str]] = {}
        self._holders: dict[tuple[str, str, int | None], Client] = {}
        self._stack = ExitStack()
        #: Which client's image the target has at the moment.
        self.at_target: tuple[str, str, int | None] | None = None

    # -- processes

    def launcher(self, cpus: int | None = None) -> Launcher:
        """At the client's end."""
        return Launcher(self.link.client if self.link else None, cpus, self.plan.timeout)

    def seeder(self) -> Launcher:
        """At the server's end, where no link limits."""
        return Launcher(self.link.server if self.link else None, None, self.plan.timeout)

    def time(self, job: Job, wanted: Command, client: Client | None = None) -> tuple[Sample, str]:
        """Run a command over the job's link; gives what was measured, and what it printed."""
        daemons = client.daemons if client else ()
        log = self.directory / "log"
        with self._shaped(job.rate):
            before = self.link.traffic().total if self.link else 0
            ran: Ran = self.launcher(job.cpus).time(wanted, log, daemons)
            wire = self.link.traffic().total - before if self.link else None
        return Sample(ran.seconds, round(ran.cpu_seconds, 3), ran.peak_bytes, wire), ran.output

    @contextmanager
    def _shaped(self, rate: Rate) -> Iterator[None]:
        if self.link is None or rate.bits is None:
            yield
            return
        self.link.shape(rate)
        try:
            yield
        finally:
            self.link.shape(Rate())

    def round_trip(self) -> float:
        """Seconds until the registry accepts a connection: the least of a few."""

        def connect() -> float:
            began = time.monotonic()
            with socket.create_connection(self.registry.address, _CONNECT_SECONDS):
                return time.monotonic() - began

        def several() -> float:
            return min(connect() for _ in range(_CONNECTIONS))

        try:
            return inside(self.link.client, several) if self.link else several()
        except OSError as error:
            raise JettisonError(f"cannot reach the registry: {error.strerror or error}") from error

    def drop_caches(self, tool: str) -> None:
        """Let the next read of an image come from the disk; without root that cannot be, which the notes say.

        The tool itself is read again: it is the image that is to be cold.
        """
        os.sync()
        if os.geteuid() == 0 and os.access(_DROP, os.W_OK):
            _DROP.write_text("3")
            for wanted in TOOLS[tool].warm():
                self.launcher().run(wanted)

    # -- images at the registry

    def seeded(self, subject: Subject) -> str:
        """The image at the source, pushed there when it is first asked for; not timed."""
        return self._seed(subject.image, subject.tag)

    def another(self, subject: Subject) -> tuple[str, Image]:
        """The image with one more changed file, at the source."""
        number = self._changed[subject.tag] = self._changed.get(subject.tag, 0) + 1
        image = changed(self.own, subject.image, number)
        assert image.descriptor is not None, "it was stored"
        tag = f"{subject.tag}-changed-{number}"
        self.own.tag(str(parse(tag)), image.descriptor)
        return self._seed(image, tag), image

    def _seed(self, image: Image, tag: str) -> str:
        if tag not in self._seeded:
            reference = self.registry.source(tag.rpartition("/")[2].replace(":", "-"))
            self.seeder().run(verb(self.own.root, "push", "--insecure", tag, reference))
            self._seeded[tag] = reference
        return self._seeded[tag]

    def target(self, subject: Subject, number: int = 0) -> str:
        """Where a push goes."""
        return self.registry.target(f"{subject.tag.rpartition('/')[2].replace(':', '-')}-{number}")

    # -- clients

    @contextmanager
    def fresh(self, tool: str, cpus: int | None) -> Iterator[Client]:
        """A client with an empty root, gone afterwards."""
        directory = Path(tempfile.mkdtemp(dir=self.directory, prefix=f"{tool}-"))
        try:
            place = Place(directory, self.launcher(cpus))
            with TOOLS[tool].client(place, self._domains()) as client:
                yield client
        finally:
            discard(directory)

    def _domains(self) -> tuple[str, ...]:
        """``HOST:PORT`` of source and target."""
        return tuple(text.partition("/")[0] for text in (self.registry.source(""), self.registry.target("")))

    def holder(self, job: Job) -> Client:
        """A client that has the job's image, kept until ``forget``."""
        key = (job.tool, job.subject.tag, job.cpus)
        if key not in self._holders:
            with ExitStack() as stack:
                client = stack.enter_context(self.fresh(job.tool, job.cpus))
                self.launcher().run(client.obtain(self.seeded(job.subject)))
                self._stack.push(stack.pop_all())
            self._holders[key] = client
        return self._holders[key]

    def forget(self) -> None:
        """End the clients that were kept, and remove what they have."""
        self._holders.clear()
        self.at_target = None
        self._stack.close()

    # -- proof

    def same_tree(self, client: Client, reference: str, subject: Subject, image: Image) -> str:
        """What differs between the files that ``client`` unpacked and the image's; empty: nothing."""
        with client.tree(reference) as snapshots:
            return different(self._expected(subject, image), fingerprint(index(snapshots)))

    def _expected(self, subject: Subject, image: Image) -> Mapping[str, str]:
        key = "".join(str(layer.diff_id) for layer in image.layers)
        if key not in self._trees:
            known = {layer.diff_id for layer in subject.image.layers}
            snapshots = [(self.main if layer.diff_id in known else self.own).snapshot(layer) for layer in image.layers]
            self._trees[key] = fingerprint(index(snapshots))
        return self._trees[key]


def writable() -> str:
    """Why page caches cannot be dropped here; empty where they can."""
    if os.geteuid() != 0:
        return "this needs root"
    return "" if os.access(_DROP, os.W_OK) else f"{_DROP} cannot be written"
