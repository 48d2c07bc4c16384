"""One process in a container: started by the OCI runtime, watched, and gone afterwards in every case."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jettison.errors import ContainerError
from jettison.runtime import bundle, cgroups, kernel
from jettison.runtime.bundle import BindMount
from jettison.runtime.netns import NetworkNamespace
from jettison.runtime.requirements import runtime
from jettison.runtime.users import resolve_user

#: PATH of a container whose image sets none, as Docker has it.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: What is kept of one command's output.
OUTPUT_LIMIT = 8 << 20
_WATCHDOG = 'read -r _; kill -KILL "$1"'


@dataclass(frozen=True, slots=True)
class Process:
    """What runs: ``user`` as USER has it (``""`` is root), ``env`` as ``NAME=VALUE``."""

    args: tuple[str, ...]
    env: tuple[str, ...] = ()
    cwd: str = "/"
    user: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command in a container ended, and what it printed (capped)."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(slots=True)
class Container:
    """A container that was started. ``pid`` is its first process, as this machine numbers it."""

    pid: int
    stdout: Path
    stderr: Path
    _id: str
    _command: tuple[str, ...]
    _rootfs: Path
    _process: Process
    _scratch: Path
    _code: int | None = field(default=None)

    @property
    def running(self) -> bool:
        """Whether the first process has not ended."""
        return self.wait(0) is None

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code (128 + signal number where a signal ended it), or ``None`` after ``timeout`` seconds."""
        limit = None if timeout is None else time.monotonic() + timeout
        delay = 0.001
        while self._code is None:
            pid, status = _reap(self.pid, block=limit is None)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._code = 128 - code if code < 0 else code
            elif limit is not None and time.monotonic() >= limit:
                return None
            else:
                time.sleep(delay)
                delay = min(delay * 1.5, 0.02)
        return self._code

    def output(self) -> Outcome:
        """What it printed so far (the last ``OUTPUT_LIMIT`` bytes of each stream); code 0 while it runs."""
        return Outcome(self._code or 0, tail(self.stdout), tail(self.stderr))

    def execute(
        self, args: Sequence[str], timeout: float, *, user: str | None = None, env: Sequence[str] = (),
        wrap: Sequence[str] = (),
    ) -> Outcome:  # fmt: skip
        """Run a command in it, confined the same way. Raises ``TimeoutError``; a command not found has code 127.

        ``wrap`` are the first words of a command of this machine that is handed the runtime's, such as ``strace``.
        """
        who = resolve_user(self._rootfs, self._process.user if user is None else user)
        process = bundle.process(args, (*_environment(self._process, who.home), *env), self._process.cwd, who)
        with ExitStack() as stack:
            name = self._scratch / f"exec-{uuid.uuid4().hex[:8]}"
            spec, out, err = (name.with_suffix(suffix) for suffix in (".json", ".out", ".err"))
            for path in (spec, out, err):
                stack.callback(path.unlink, missing_ok=True)
            spec.write_text(json.dumps(process))
            with open(out, "wb") as stdout, open(err, "wb") as stderr:
                command = [*wrap, *self._command, "exec", "--process", str(spec), self._id]
                running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
                try:
                    code = running.wait(timeout)
                except subprocess.TimeoutExpired as error:
                    raise TimeoutError(f"no end within {timeout:g} s") from error
                finally:
                    if running.poll() is None:
                        running.terminate()
                        running.wait()
            result = Outcome(128 - code if code < 0 else code, tail(out), tail(err))
        if result.code == 255 and b"executable file not found" in result.stderr + result.stdout:
            return Outcome(127, b"", f"{args[0]}: not found\n".encode())
        return result

    def stop(self, signal_: str | int = signal.SIGTERM, timeout: float = 1.0) -> int:
        """Ask it to end, and kill it after ``timeout`` seconds; gives the exit code."""
        if self.running:
            self.signal(signal_)
            if self.wait(timeout) is None:
                self.signal(signal.SIGKILL)
        code = self.wait(10)
        if code is None:
            raise ContainerError("cannot stop the container: its first process does not end on SIGKILL")
        return code

    def signal(self, signal_: str | int) -> None:
        """Send a signal, by number or as STOPSIGNAL names it, to the first process."""
        try:
            os.kill(self.pid, signal_number(signal_))
        except ProcessLookupError:
            return  # it was faster


def signal_number(name: str | int) -> int:
    """``15``, ``"15"``, ``"TERM"`` or ``"SIGTERM"``; SIGTERM for what is none."""
    if isinstance(name, int) or name.isdigit():
        return int(name)
    text = name.upper()
    text = text if text.startswith("SIG") else f"SIG{text}"
    if text.startswith("SIGRTMIN+") and text[9:].isdigit():
        return int(signal.SIGRTMIN) + int(text[9:])
    return int(getattr(signal, text, signal.SIGTERM))


def tail(path: Path, limit: int = OUTPUT_LIMIT) -> bytes:
    """The last bytes of a file; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(max(os.fstat(file.fileno()).st_size - limit, 0))
            return file.read(limit)
    except FileNotFoundError:
        return b""


@contextmanager
def container(
    rootfs: Path,
    process: Process,
    *,
    scratch: Path,
    network: NetworkNamespace | None,
    mounts: Sequence[BindMount] = (),
    hostname: str = "jettison",
    before_start: Callable[[int], None] | None = None,
    output: int | None = None,
    seccomp: str = "",
) -> Iterator[Container]:
    """Run ``process`` in ``rootfs``; when the context ends, so does the container, whatever happened.

    ``network`` ``None`` is this machine's network. ``before_start`` is called with the first process's number
    before the program is executed. ``output`` is a descriptor for both streams instead of files in ``scratch``.
    ``seccomp`` is a profile as JSON (OCI runtime-spec, config-linux.md), Docker's default where it is empty.
    Raises ``ContainerError`` where the program cannot be started.
    """
    kernel.become_subreaper()
    cgroups.sweep()
    place = scratch / f"container-{uuid.uuid4().hex[:12]}"
    place.mkdir()
    name = f"jettison-{os.getpid()}-{place.name[10:]}"
    who = resolve_user(rootfs, process.user)
    config = bundle.configuration(
        rootfs, process.args, _environment(process, who.home), process.cwd, who,
        network=network.path if network else None, hostname=hostname, mounts=mounts, cgroup=f"/{cgroups.PARENT}/{name}",
    )  # fmt: skip
    if seccomp:
        config["linux"]["seccomp"] = json.loads(seccomp)
    command: tuple[str, ...] = (
        runtime(),
        "--root",
        str(place / "state"),
        "--log",
        str(place / "log"),
        "--log-format",
        "json",
    )
    with ExitStack() as stack:
        stack.callback(cgroups.remove, name)
        command, pid = _create(command, name, place, config, output, stack)
        _watch(pid, stack)
        made = Container(pid, place / "stdout", place / "stderr", name, command, rootfs, process, place)
        stack.callback(made.stop, signal.SIGKILL)
        if before_start:
            before_start(pid)
        _run([*command, "start", name], place, "start")
        yield made


def _create(
    command: tuple[str, ...], name: str, place: Path, config: dict[str, Any], output: int | None, stack: ExitStack
) -> tuple[tuple[str, ...], int]:
    """``runc create``; without a control group where this machine gives none, as within another container."""
    alone = (*command, "--rootless", "true")
    for attempt in [command, alone] if cgroups.writable() else [alone]:
        if attempt is alone:
            del config["linux"]["cgroupsPath"]  # runc goes without only where none was asked for
        (place / "config.json").write_text(json.dumps(config))
        stack.callback(_delete, attempt, name)
        try:
            _run(
                [*attempt, "create", "--bundle", str(place), "--pid-file", str(place / "pid"), name],
                place,
                "create",
                output,
            )
            break
        except ContainerError as error:
            if attempt is alone or "cgroup" not in str(error):
                raise
            _delete(attempt, name)
    return attempt, int((place / "pid").read_text())


def _run(command: list[str], place: Path, verb: str, output: int | None = None) -> None:
    (place / "log").unlink(missing_ok=True)
    with open(place / "stdout", "ab") as stdout, open(place / "stderr", "ab") as stderr:
        streams: Mapping[str, Any] = {
            "stdout": stdout if output is None else output,
            "stderr": stderr if output is None else output,
        }
        code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **streams).returncode
    if code:
        raise ContainerError(f"cannot {verb} the container: {_reason(place)}")


def _reason(place: Path) -> str:
    """The runtime's own words, without its inner call chain."""
    said = "the runtime gives no reason"
    for line in tail(place / "log").decode("utf-8", "replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("level") in ("error", "fatal"):
            said = str(entry.get("msg", said))
    for prefix in ("runc create failed: ", "unable to start container process: "):
        said = said.removeprefix(prefix)
    return said.replace("\n", " ")


def _delete(command: Sequence[str], name: str) -> None:
    subprocess.run([*command, "delete", "--force", name], check=False, capture_output=True)


def _watch(pid: int, stack: ExitStack) -> None:
    """A shell that waits for our end of a pipe to close: also after ``kill -9`` of us, the container ends."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    words = ["/bin/sh", "-c", _WATCHDOG, "jettison", str(pid)]
    guard: subprocess.Popen[bytes] = subprocess.Popen(words, stdin=subprocess.PIPE, **quiet)  # type: ignore[call-overload]

    def end() -> None:
        guard.kill()
        guard.wait()
        if guard.stdin:
            guard.stdin.close()

    stack.callback(end)


def _environment(process: Process, home: str) -> tuple[str, ...]:
    """PATH and HOME as Docker sets them where the image does not, and the last value of each name."""
    values = {"PATH": DEFAULT_PATH, "HOSTNAME": "jettison"}
    values |= dict(item.partition("=")[::2] for item in process.env if "=" in item)
    values.setdefault("HOME", home)
    return tuple(f"{name}={value}" for name, value in values.items())


def _reap(pid: int, *, block: bool) -> tuple[int, int]:
    try:
        return os.waitpid(pid, 0 if block else os.WNOHANG)
    except ChildProcessError:
        if Path(f"/proc/{pid}").exists():
            return 0, 0
        return pid, 0  # another thread has waited for it
