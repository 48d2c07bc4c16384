"""Docker, with a daemon of its own for each client."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jettison.measure.bench.model import Command, Launcher, Place, command
from jettison.measure.bench.tools.daemon import wait
from jettison.measure.bench.tools.versions import programs, version
from jettison.oci.removal import discard


class Client:
    """A daemon at ``socket``."""

    def __init__(self, daemon: int, socket: str, launcher: Launcher) -> None:
        self.daemons = (daemon,)
        self._socket, self._launcher = socket, launcher

    def _command(self, *arguments: str) -> Command:
        return command("docker", "--host", self._socket, *arguments)

    def pull(self, reference: str) -> Command:
        return self._command("pull", "--quiet", reference)

    def obtain(self, reference: str) -> Command:
        return self.pull(reference)

    def prepare_push(self, source: str, target: str) -> None:
        """Docker pushes an image under its own name only."""
        self._launcher.run(self._command("tag", source, target))

    def push(self, source: str, target: str) -> Command:
        return self._command("push", "--quiet", target)

    @contextmanager
    def tree(self, reference: str) -> Iterator[Sequence[Path]]:
        """The directories of the overlay2 driver, as the daemon names them."""
        found = json.loads(self._launcher.run(self._command("image", "inspect", reference)))
        data = found[0]["GraphDriver"]["Data"]
        lower = [part for part in data.get("LowerDir", "").split(":") if part]
        yield [Path(part) for part in (*reversed(lower), data["UpperDir"])]


class Tool:
    """See ``model.Tool``."""

    name = "docker"
    unpacks = True

    def version(self) -> str:
        """The daemon's: it does the work."""
        return version("dockerd", "--version") if version("docker", "--version") else ""

    def warm(self) -> Sequence[Command]:
        return programs("docker")

    @contextmanager
    def client(self, place: Place, registries: Sequence[str]) -> Iterator[Client]:
        """A daemon without networks of its own. The path of a socket has at most 107 bytes, so those are short."""
        short = Path(tempfile.mkdtemp(prefix="jb-"))
        socket = f"unix://{short}/s"
        wanted = command(
            "dockerd", "--data-root", place.directory / "data", "--exec-root", short / "x", "--host", socket,
            "--pidfile", short / "pid", "--iptables=false", "--ip6tables=false", "--bridge=none",
            "--storage-driver", "overlay2", *(f"--insecure-registry={domain}" for domain in registries),
            HOME=str(place.directory),
        )  # fmt: skip
        log = place.directory / "dockerd.log"
        try:
            with place.launcher.daemon(wanted, log) as pid:
                question = command("docker", "--host", socket, "version")
                wait("dockerd", pid, short / "s", place.launcher, question, log)
                yield Client(pid, socket, place.launcher)
        finally:
            discard(place.directory / "data")
            shutil.rmtree(short, ignore_errors=True)
