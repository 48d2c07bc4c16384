"""Registries to measure against: one of our own, behind the link, or one that the user names."""

from __future__ import annotations

import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from jettison.errors import JettisonError, PrivilegeRequired
from jettison.measure.bench.model import command
from jettison.measure.bench.process import PATH, Launcher, ended, reason
from jettison.measure.links import Link
from jettison.runtime import inside
from jettison.runtime.netns import in_thread

_PORT = 5000
_READY_SECONDS = 30.0
_CONFIGURATION = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: '{address}:{port}'}}
"""


class Registry(Protocol):
    """Where images come from and go to: ``source`` keeps what is pulled, ``target`` is where pushes go."""

    def source(self, name: str) -> str:
        """The reference of an image to pull."""

    def target(self, name: str) -> str:
        """The reference of an image to push."""

    def empty(self) -> None:
        """From now on nothing is known at the target."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, for the time of a round trip."""


class Given:
    """A registry that the user named. A fresh repository stands for an empty registry; nothing is deleted there."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix.removeprefix("docker://").rstrip("/")
        self._source = f"jettison-bench-{secrets.token_hex(4)}"
        self._target = f"{self._source}-0"
        self._count = 0

    def source(self, name: str) -> str:
        return f"{self._prefix}/{self._source}:{name}"

    def target(self, name: str) -> str:
        return f"{self._prefix}/{self._target}:{name}"

    def empty(self) -> None:
        self._count += 1
        self._target = f"{self._source}-{self._count}"

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self._prefix.partition("/")[0].partition(":")
        return host, int(port) if port.isdecimal() else 443


class Own:
    """Two registries that we run at the server's end: one keeps what is pulled, the other is emptied at will."""

    def __init__(self, directory: Path, link: Link | None) -> None:
        if shutil.which("docker-registry", path=PATH) is None:
            raise PrivilegeRequired("cannot run a registry: docker-registry is not installed; name one by --registry")
        self._directory, self._link = directory, link
        self._launcher = Launcher(link.server if link else None)
        self._host = link.address if link else "127.0.0.1"
        self._ports = (_PORT, _PORT + 1) if link else (_free_port(), _free_port())
        self._target = ExitStack()

    @property
    def address(self) -> tuple[str, int]:
        return self._host, self._ports[1]

    def source(self, name: str) -> str:
        return f"{self._host}:{self._ports[1]}/bench:{name}"

    def target(self, name: str) -> str:
        return f"{self._host}:{self._ports[0]}/bench:{name}"

    def empty(self) -> None:
        self._target.close()
        shutil.rmtree(self._directory / "target", ignore_errors=True)
        self._target.enter_context(self._run("target", self._ports[0]))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Both, until the context ends; then what they kept is removed."""
        try:
            with self._run("source", self._ports[1]), self._target:
                self.empty()
                yield
        finally:
            for name in ("source", "target"):
                shutil.rmtree(self._directory / name, ignore_errors=True)

    @contextmanager
    def _run(self, name: str, port: int) -> Iterator[None]:
        configuration, log = self._directory / f"{name}.yml", self._directory / f"{name}.log"
        configuration.write_text(
            _CONFIGURATION.format(root=self._directory / name, address=self._host, port=port), encoding="utf-8"
        )
        with self._launcher.daemon(command("docker-registry", "serve", configuration), log) as pid:
            _wait(lambda: self._answers(port), pid, log)
            yield

    def _answers(self, port: int) -> bool:
        def connect() -> bool:
            try:
                with socket.create_connection((self._host, port), 0.2):
                    return True
            except OSError:
                return False

        return inside(self._link.server, connect) if self._link else in_thread(connect)


@contextmanager
def registry(directory: Path, link: Link | None, given: str) -> Iterator[Registry]:
    """The one that was named, or one of our own until the context ends."""
    if given:
        yield Given(given)
        return
    own = Own(directory, link)
    with own.running():
        yield own


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(ready: Callable[[], bool], pid: int, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not ready():
        if ended(pid) or time.monotonic() > deadline:
            raise JettisonError(f"cannot run a registry: {reason(log.read_text(errors='replace')) or 'no answer'}")
        time.sleep(0.02)
