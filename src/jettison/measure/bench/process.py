"""Processes: started at one end of a link, timed, and their processor time and memory counted with all children."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeVar

from jettison.errors import JettisonError
from jettison.measure.bench import proc
from jettison.measure.bench.model import Command
from jettison.runtime import NetworkNamespace, inside
from jettison.runtime.netns import in_thread

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
#: How often memory is looked at while a command runs.
_LOOK_SECONDS = 0.03
_GRACE_SECONDS = 20.0
#: What a failed command said last is shown up to here.
_REASON = 300
#: Runs a command that gets SIGTERM (15) when the thread that started it ends: PR_SET_PDEATHSIG is 1 (prctl(2)).
_BOUND = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() == int(sys.argv[1]):
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[2]}: {error.strerror}")
"""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Ran:
    """One command, from its start to its end. ``peak_bytes`` is the largest sum of resident memory that was seen."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts processes in ``namespace`` (``None``: where we are), on the first ``cpus`` processors (``None``: all)."""

    namespace: NetworkNamespace | None = None
    cpus: int | None = None
    timeout: float = 600.0

    def start(self, wanted: Command, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """A process in a session of its own, so that Ctrl-C reaches it only through us."""
        return self._called(lambda: self._begin(wanted, output))

    def _called(self, function: Callable[[], Result]) -> Result:
        return inside(self.namespace, function) if self.namespace else in_thread(function)

    def _begin(self, wanted: Command, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """In the thread that it is called in, whose processors and network the process has."""
        if self.cpus:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: self.cpus])
        try:
            return subprocess.Popen(
                wanted.arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PATH": PATH, **wanted.environment},
                start_new_session=True,
            )
        except OSError as error:
            raise JettisonError(f"cannot start {wanted.arguments[0]}: {error.strerror}") from error

    def time(self, wanted: Command, log: Path, daemons: Sequence[int] = ()) -> Ran:
        """Run a command to its end. Raises ``JettisonError`` where it fails or takes longer than the time limit."""
        before = sum(map(proc.cpu_seconds, daemons))
        with log.open("wb") as output:
            began = time.monotonic()
            process = self.start(wanted, output)
            try:
                code, usage, peak = _wait(process, daemons, self.timeout)
            except BaseException:
                end(process)
                raise
            seconds = time.monotonic() - began
        said = log.read_text(errors="replace")
        if code:
            raise JettisonError(reason(said) or f"exit code {code}")
        work = usage.ru_utime + usage.ru_stime + sum(map(proc.cpu_seconds, daemons)) - before
        return Ran(seconds, max(work, 0.0), peak, said)

    def run(self, wanted: Command) -> str:
        """Run something that is not timed; gives what it printed. Raises ``JettisonError`` as ``time`` does."""
        with tempfile.TemporaryDirectory(prefix="jb-") as directory:
            try:
                return self.time(wanted, Path(directory) / "log").output
            except JettisonError as error:
                raise JettisonError(f"cannot prepare ({_name(wanted)}): {error}") from error

    @contextmanager
    def daemon(self, wanted: Command, log: Path) -> Iterator[int]:
        """Run something until the context ends, or until we end, however that is; gives its process id.

        The kernel tells it of the end of the thread that started it (PR_SET_PDEATHSIG), so that thread has to stay.
        """
        bound = replace(wanted, arguments=(sys.executable, "-ISc", _BOUND, str(os.getpid()), *wanted.arguments))
        started: Future[subprocess.Popen[bytes]] = Future()
        over = threading.Event()

        def stay() -> None:
            started.set_result(self._begin(bound, output))
            over.wait()

        def work() -> None:
            try:
                self._called(stay)
            except BaseException as error:
                started.set_exception(error)

        with log.open("wb") as output:
            threading.Thread(target=work, daemon=True).start()
            try:
                process = started.result()
                yield process.pid
            finally:
                if started.done() and not started.exception():
                    end(started.result())
                over.set()


def ended(pid: int) -> bool:
    """Whether a process that we started has ended; what it left is still there to be waited for."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _wait(process: subprocess.Popen[bytes], daemons: Sequence[int], limit: float) -> tuple[int, proc.Usage, int]:
    """Until the process ends: its code, what it used, and the peak of the resident memory of all."""
    deadline = time.monotonic() + limit
    handle = os.pidfd_open(process.pid)
    peak = 0
    try:
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        while not poller.poll(_LOOK_SECONDS * 1000):
            together = sum(map(proc.resident_bytes, (process.pid, *daemons)))
            peak = max(peak, together, proc.peak_bytes(process.pid))
            if time.monotonic() > deadline:
                raise JettisonError(f"no end within {limit:g} s")
    finally:
        os.close(handle)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage, peak


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and all of its session; kill them where they do not."""
    if process.returncode is not None:
        return
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        try:
            process.wait(_GRACE_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def _name(wanted: Command) -> str:
    """What is run, without its options: ``docker pull``."""
    words = [word for word in wanted.arguments if not word.startswith("-")]
    known = [word for word in words if word in ("pull", "push", "build", "tag", "copy", "mount", "inspect")]
    return " ".join((Path(words[0]).name, *known[:1]))


def reason(said: str) -> str:
    """The last line that says something; a line that names an error goes before."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    named = [line for line in lines if "error" in line.lower() or "cannot" in line.lower()]
    return (named or lines or [""])[-1][:_REASON]


def last_words(log: Path) -> str:
    """The last line of what a program said that has ended; what it said before were warnings, perhaps."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:_REASON] if lines else ""
