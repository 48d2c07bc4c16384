"""Which files a container opens and looks up in vain, told by ``strace`` on this machine; the container needs none.

It is slower than fanotify by an order of magnitude, and sees what fanotify cannot: names that are not there, and
files whose existence was enough (``stat``), which count as opened here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, Self

from jettison.errors import ContainerError, PrivilegeRequired
from jettison.observe.model import Access, Seen
from jettison.observe.syscalls import Syscalls

_OPTIONS = ("-f", "-qq", "-y", "-s", "4096", "-e", "trace=%file,fchdir,bind", "-e", "signal=none")
_ATTACH_SECONDS = 10.0
_PAUSE_SECONDS = 0.005


class Reader(Protocol):
    """Takes in what strace writes."""

    def feed(self, line: str) -> None:
        """Take one line in."""


class Strace:
    """A tracer that writes its log to ``directory``; ``cwd`` is where the container's program starts."""

    name = "strace"
    options: ClassVar[tuple[str, ...]] = _OPTIONS

    def __init__(self, directory: Path, cwd: str = "/") -> None:
        program = shutil.which("strace")
        if program is None:
            raise PrivilegeRequired("cannot trace system calls: strace is not installed (apt-get install strace)")
        self._program = program
        self._directory = directory
        self._cwd = cwd
        self._logs: list[_Log] = []
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="strace", daemon=True)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._seen: dict[Access | str, None] = {}
        self._told = 0
        self.caveats: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
            process.wait()
        self._end.set()
        self._thread.join()
        with self._lock:
            for log in self._logs:
                log.file.close()
            self._logs = []

    def attach(self, pid: int) -> None:
        """Follow ``pid`` and its children. Raises ``ContainerError`` where the kernel does not let us."""
        complaints = self._directory / "strace.stderr"
        with complaints.open("wb") as stderr:
            process = subprocess.Popen(
                [*self._command(outside=False), "-p", str(pid)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        self._processes.append(process)
        deadline = time.monotonic() + _ATTACH_SECONDS
        while not _traced(pid, process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                reason = complaints.read_text(errors="replace").strip() or "strace does not attach"
                raise ContainerError(f"cannot trace system calls: {reason.splitlines()[-1]}")
            time.sleep(_PAUSE_SECONDS)

    def wrap(self) -> Sequence[str]:
        """``strace`` with its options, logging to a file of its own which is read here."""
        return self._command(outside=True)

    def _command(self, *, outside: bool) -> tuple[str, ...]:
        """The same; ``outside``: what is started is not in the container yet."""
        log = self._directory / f"strace.{len(self._logs)}"
        log.touch()
        self._logs.append(_Log(log, self.reader(outside=outside)))
        return (self._program, *self.options, "-o", os.fspath(log))

    def reader(self, *, outside: bool) -> Reader:
        """Reads one log; where the program starts it finds out itself."""
        return Syscalls(self._seen, self._cwd)

    def drain(self) -> Seen:
        """What is new: strace writes the line of a call before the program goes on."""
        with self._lock:
            self._read()
            fresh = list(islice(self._seen, self._told, None))
            self._told = len(self._seen)
        accesses = tuple(item for item in fresh if isinstance(item, Access))
        return Seen(accesses, tuple(item for item in fresh if isinstance(item, str)))

    def _read(self) -> None:
        for log in self._logs:
            log.read()

    def _serve(self) -> None:
        """Read along, so that a process can still be asked for its working directory."""
        while not self._end.wait(0.02):
            with self._lock:
                self._read()


class _Log:
    """A growing file of lines."""

    def __init__(self, path: Path, calls: Reader) -> None:
        self.file = path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
        self._calls = calls
        self._part = ""

    def read(self) -> None:
        *lines, self._part = (self._part + self.file.read()).split("\n")
        for line in lines:
            self._calls.feed(line)


def _traced(pid: int, tracer: int) -> bool:
    """Whether every thread of ``pid`` is traced by ``tracer``."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return all(f"TracerPid:\t{tracer}\n" in (task / "status").read_text() for task in tasks)
    except OSError:
        return False
