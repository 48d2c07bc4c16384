"""Jettison itself, as a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jettison
from jettison.measure.bench.model import Command, Place, command
from jettison.oci.layout import Store
from jettison.oci.reference import parse

_IMPORTS = "import jettison.cli.pull, jettison.cli.push, jettison.oci.transfer, jettison.measure.bench.worker"


def verb(store: Path, *arguments: str | Path) -> Command:
    """``jettison --store STORE …``, by this interpreter, from compiled modules, as where it is installed."""
    verb_of = ("-m", "jettison", "--quiet", "--store", store)
    return command(sys.executable, *verb_of, *arguments, PYTHONDONTWRITEBYTECODE="")


@dataclass(frozen=True, slots=True)
class Client:
    """A store of its own."""

    store: Path
    daemons: tuple[int, ...] = ()

    def pull(self, reference: str) -> Command:
        return verb(self.store, "pull", "--unpack", "--insecure", reference)

    def fetch(self, reference: str) -> Command:
        """Without unpacking."""
        return verb(self.store, "pull", "--insecure", reference)

    def obtain(self, reference: str) -> Command:
        return self.pull(reference) if os.geteuid() == 0 else self.fetch(reference)

    def prepare_push(self, source: str, target: str) -> None:
        """Nothing: a push takes two names."""

    def push(self, source: str, target: str) -> Command:
        return verb(self.store, "push", "--insecure", source, target)

    @contextmanager
    def tree(self, reference: str) -> Iterator[Sequence[Path]]:
        store = Store.open(self.store)
        found = store.find(str(parse(reference)))
        assert found is not None, "it was pulled"
        yield store.snapshots(store.image(found))


class Tool:
    """See ``model.Tool``."""

    name = "jettison"
    unpacks = True

    def version(self) -> str:
        return jettison.__version__

    def warm(self) -> Sequence[Command]:
        return [command(sys.executable, "-c", _IMPORTS)]

    @contextmanager
    def client(self, place: Place, registries: Sequence[str]) -> Iterator[Client]:
        yield Client(place.directory / "store")
