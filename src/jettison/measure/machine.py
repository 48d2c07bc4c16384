"""The machine that measures."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from jettison.measure.model import Machine


def described(tools: Mapping[str, str], directory: Path) -> Machine:
    """This machine; ``directory`` is on the disk that is used. What the system does not tell stays empty."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        cpu=_field("/proc/cpuinfo", "model name"),
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        disk=_disk(directory),
        kernel=platform.release(),
        system=_field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        tools=dict(tools),
    )


def _field(path: str, name: str, separator: str = ":") -> str:
    try:
        lines = Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return ""
    values = (line.partition(separator) for line in lines)
    return next((value.strip() for key, _, value in values if key.strip() == name), "")


def _disk(directory: Path) -> str:
    """``ext4 on /dev/vda``: the file system of the longest mount point above (proc_pid_mounts(5))."""
    try:
        mounts = [line.split()[:3] for line in Path("/proc/self/mounts").read_text(errors="replace").splitlines()]
    except OSError:
        return ""
    place = os.path.realpath(directory)
    above = [one for one in mounts if place == one[1] or place.startswith(one[1].rstrip("/") + "/")]
    if not above:
        return ""
    device, _, kind = max(above, key=lambda one: len(one[1]))
    return f"{kind} on {device}"
