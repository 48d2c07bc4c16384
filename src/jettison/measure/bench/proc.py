"""Processor time and memory of processes and all below them (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from resource import struct_rusage as _rusage
from typing import TypeAlias

Usage: TypeAlias = _rusage
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> Iterator[int]:
    """A process and all below it; those that are gone meanwhile are left out."""
    waiting = [pid]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(_children(here))


def _children(pid: int) -> Iterator[int]:
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (task / "children").read_text().split())
    except OSError:
        return


def cpu_seconds(pid: int) -> float:
    """Of a process, all below it, and those of them that ended and were waited for."""
    return sum(map(_cpu, family(pid))) / _TICKS


def _cpu(pid: int) -> int:
    """Clock ticks: utime, stime, cutime, cstime (proc_pid_stat(5), fields 14 to 17)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and all below it, summed; what they share counts each time."""
    return sum(map(_resident, family(pid)))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def peak_bytes(pid: int) -> int:
    """The most resident memory that one process had so far; wait4(2) would count what we had when we forked it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    fields = [line.split() for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(fields[0][1]) * 1024 if fields else 0
