"""Run commands and measure them: wall time, and the peak memory of the command and what it waited for."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A measured command failed, or took too long; the message says what it printed last."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command. ``peak`` is in bytes: the largest resident set of it or a process under it."""

    seconds: float
    peak: int
    output: str


def run(arguments: Sequence[str], *, env: Mapping[str, str] | None = None, limit: float = 600) -> Run:
    """Run a command to its end and measure it. Raises ``Failed``."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            list(arguments),
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        usage = _wait(process.pid, start + limit)
        seconds = time.monotonic() - start
        process.returncode = usage[0]
        output.seek(0)
        errors.seek(0)
        if usage[0]:
            raise Failed(f"{' '.join(arguments)}: exit code {usage[0]}: {errors.read()[-500:].strip()}")
        return Run(seconds, usage[1], output.read())


def _wait(pid: int, deadline: float) -> tuple[int, int]:
    """Exit code and peak memory in bytes; the process is killed at the deadline."""
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
        if time.monotonic() > deadline:
            os.killpg(pid, 9)
        time.sleep(0.005)


def cold() -> None:
    """Forget what the kernel holds of files, so that the next command reads the disk; needs root."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def machine() -> str:
    """One line about the machine: processor, cores, memory, kernel, distribution, and how busy it was before."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    busy = f"load average {os.getloadavg()[1]:.1f}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, {system}, {busy}"
