"""skopeo: copies compressed layers from and to an OCI layout, and does not unpack them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jettison.errors import Unsupported
from jettison.measure.bench.model import Command, Place
from jettison.measure.bench.tools import storage
from jettison.measure.bench.tools.versions import programs, version


class Client:
    """A directory with an OCI layout for each image."""

    daemons: tuple[int, ...] = ()

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def _layout(self, reference: str) -> str:
        name = "".join(char if char.isalnum() else "-" for char in reference)
        return f"oci:{self._directory / name}:latest"

    def pull(self, reference: str) -> Command:
        plain = ("--insecure-policy", "copy", "--quiet", "--src-tls-verify=false")
        return storage.private("skopeo", *plain, f"docker://{reference}", self._layout(reference))

    def obtain(self, reference: str) -> Command:
        return self.pull(reference)

    def prepare_push(self, source: str, target: str) -> None:
        """Nothing: a copy takes two names."""

    def push(self, source: str, target: str) -> Command:
        plain = ("--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false")
        return storage.private("skopeo", *plain, self._layout(source), f"docker://{target}")

    @contextmanager
    def tree(self, reference: str) -> Iterator[Sequence[Path]]:
        raise Unsupported("cannot compare the files of skopeo: it does not unpack")
        yield ()


class Tool:
    """See ``model.Tool``."""

    name = "skopeo"
    unpacks = False

    def version(self) -> str:
        return version("skopeo", "--version")

    def warm(self) -> Sequence[Command]:
        return programs("skopeo")

    @contextmanager
    def client(self, place: Place, registries: Sequence[str]) -> Iterator[Client]:
        yield Client(place.directory)
