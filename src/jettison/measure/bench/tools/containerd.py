"""containerd, with a daemon of its own for each client, spoken to by ctr."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jettison.measure.bench.model import Command, Launcher, Place, command
from jettison.measure.bench.tools.daemon import wait
from jettison.measure.bench.tools.versions import programs, version
from jettison.oci.removal import discard

_CONFIGURATION = """\
version = 2
root = "{root}"
state = "{state}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{socket}"
"""


class Client:
    """A daemon at ``socket``."""

    def __init__(self, daemon: int, socket: Path, launcher: Launcher, directory: Path) -> None:
        self.daemons = (daemon,)
        self._socket, self._launcher, self._directory = socket, launcher, directory

    def _command(self, *arguments: str) -> Command:
        return command("ctr", "--address", self._socket, "images", *arguments)

    def pull(self, reference: str) -> Command:
        return self._command("pull", "--plain-http", reference)

    def obtain(self, reference: str) -> Command:
        return self.pull(reference)

    def prepare_push(self, source: str, target: str) -> None:
        """ctr pushes an image under its own name only."""
        self._launcher.run(self._command("tag", "--force", source, target))

    def push(self, source: str, target: str) -> Command:
        return self._command("push", "--plain-http", target)

    @contextmanager
    def tree(self, reference: str) -> Iterator[Sequence[Path]]:
        """Mounted by ctr."""
        place = self._directory / "mounted"
        place.mkdir(exist_ok=True)
        self._launcher.run(self._command("mount", reference, str(place)))
        try:
            yield [place]
        finally:
            self._launcher.run(self._command("unmount", "--rm", str(place)))


class Tool:
    """See ``model.Tool``."""

    name = "containerd"
    unpacks = True

    def version(self) -> str:
        return version("containerd", "--version") if shutil.which("ctr") else ""

    def warm(self) -> Sequence[Command]:
        return programs("ctr")

    @contextmanager
    def client(self, place: Place, registries: Sequence[str]) -> Iterator[Client]:
        short = Path(tempfile.mkdtemp(prefix="jb-"))
        socket, configuration = short / "s", place.directory / "containerd.toml"
        root, log = place.directory / "root", place.directory / "containerd.log"
        configuration.write_text(
            _CONFIGURATION.format(root=root, state=short / "state", socket=socket), encoding="utf-8"
        )
        try:
            with place.launcher.daemon(command("containerd", "--config", configuration), log) as pid:
                question = command("ctr", "--address", socket, "version")
                wait("containerd", pid, socket, place.launcher, question, log)
                yield Client(pid, socket, place.launcher, place.directory)
        finally:
            discard(root)
            shutil.rmtree(short, ignore_errors=True)
