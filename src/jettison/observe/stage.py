"""Where the containers of one run are started, and the one that is being asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jettison.observe.model import Tracer
from jettison.oci.config import ContainerConfig
from jettison.probes import Execution
from jettison.runtime import BindMount, Container, NetworkNamespace, Process, container
from jettison.runtime.container import Outcome, signal_number

_HOSTNAME = "jettison"
#: What Docker mounts into every container; names beside these are nobody's in a namespace without a network.
_FILES = {
    "hosts": f"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.0.1\t{_HOSTNAME}\n",
    "hostname": f"{_HOSTNAME}\n",
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A mounted root, a network and a tracer; ``config`` says how a program is run in them.

    ``seccomp`` is a profile, as JSON; Docker's default where it is empty.
    """

    root: Path
    scratch: Path
    network: NetworkNamespace
    config: ContainerConfig
    tracer: Tracer
    seccomp: str = ""

    @contextmanager
    def start(self, args: tuple[str, ...]) -> Iterator[Container]:
        """A container that runs ``args``, traced from its first instruction. Raises ``ContainerError``."""
        process = Process(args, self.config.env, self.config.working_dir or "/", self.config.user)
        with container(
            self.root,
            process,
            scratch=self.scratch,
            network=self.network,
            mounts=self._mounts(),
            hostname=_HOSTNAME,
            before_start=self.tracer.attach,
            seccomp=self.seccomp,
        ) as started:
            yield started

    def _mounts(self) -> list[BindMount]:
        found = []
        for name, text in _FILES.items():
            (self.scratch / name).write_text(text)
            found.append(BindMount(str(self.scratch / name), f"/etc/{name}"))
        return found


class Subject:
    """The container that is asked. One that has ended is asked through containers beside it, in the same root."""

    def __init__(self, stage: Stage, asked: Container) -> None:
        self._stage = stage
        self._container = asked

    @property
    def pid(self) -> int:
        return self._container.pid

    @property
    def running(self) -> bool:
        return self._container.running

    def output(self) -> Execution:
        """What it has printed so far, and its exit code (0 while it runs)."""
        return _execution(self._container.output())

    def execute(self, args: tuple[str, ...], timeout: float) -> Execution:
        """As ``docker exec`` does it, or ``docker run`` where it has ended. Raises ``TimeoutError``."""
        if self.running:
            return _execution(self._container.execute(args, timeout, wrap=self._stage.tracer.wrap()))
        with self._stage.start(args) as another:
            if another.wait(timeout) is None:
                raise TimeoutError(f"no end within {timeout:g} s")
            return _execution(another.output())


def _execution(outcome: Outcome) -> Execution:
    return Execution(outcome.code, outcome.stdout, outcome.stderr)


def handles(pid: int, signal: str) -> bool:
    """Whether process ``pid`` has a handler for ``signal`` (proc(5), ``SigCgt`` of ``/proc/PID/status``)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    caught = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), 0)
    return bool(caught >> (signal_number(signal) - 1) & 1)


def processor_time(pid: int) -> str:
    """What the threads of ``pid`` have run so far, as something to compare (``/proc/PID/task/*/schedstat``)."""
    try:
        return " ".join(sorted(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/schedstat")))
    except OSError:
        return ""
