"""The runtime configuration of a container (OCI runtime-spec, config.md), confined as Docker confines by default."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jettison.runtime.users import User

#: Docker Engine, "Runtime privilege and Linux capabilities": the ones it leaves by default.
CAPABILITIES = tuple(
    f"CAP_{name}"
    for name in (
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    )
)  # fmt: skip
_MASKED = (
    "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
    "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
    "/sys/firmware",
)  # fmt: skip
_READONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
_ARCHITECTURES = {"aarch64": ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]}


@dataclass(frozen=True, slots=True)
class BindMount:
    """A path of this machine, seen at ``destination``. ``kind`` ``tmpfs`` has no source."""

    source: str
    destination: str
    readonly: bool = False
    kind: str = "bind"
    options: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the runtime-spec writes mounts."""
        access = "ro" if self.readonly else "rw"
        bind = ["rbind", "rprivate"] if self.kind == "bind" else ["nosuid", "nodev"]
        return {
            "destination": self.destination,
            "type": self.kind,
            "source": self.source or self.kind,
            "options": [*bind, access, *self.options],
        }


def _mount(destination: str, kind: str, *options: str) -> dict[str, Any]:
    return {"destination": destination, "type": kind, "source": kind, "options": list(options)}


def _mounts() -> list[dict[str, Any]]:
    quiet = ("nosuid", "noexec", "nodev")
    return [
        _mount("/proc", "proc", *quiet),
        _mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        _mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        _mount("/dev/shm", "tmpfs", *quiet, "mode=1777", "size=65536k"),
        _mount("/dev/mqueue", "mqueue", *quiet),
        _mount("/sys", "sysfs", *quiet, "ro"),
    ]


@cache
def _seccomp() -> str:
    return resources.files("jettison.runtime").joinpath("seccomp.json").read_text()


def seccomp() -> dict[str, Any]:
    """Docker's default profile: what is not listed fails with EPERM."""
    profile: dict[str, Any] = json.loads(_seccomp())
    machine = platform.machine()
    if machine != "x86_64":
        profile["architectures"] = _ARCHITECTURES.get(machine, [])
    return profile


def configuration(
    rootfs: Path,
    args: Sequence[str],
    env: Sequence[str],
    cwd: str,
    user: User,
    *,
    network: str | None,
    hostname: str,
    mounts: Sequence[BindMount],
    cgroup: str,
) -> dict[str, Any]:
    """``config.json``. ``network`` is the path of a network namespace, ``None`` is this machine's network."""
    spaces: list[dict[str, str]] = [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]
    if network is not None:
        spaces.append({"type": "network", "path": network})
    return {
        "ociVersion": "1.0.2",
        "hostname": hostname,
        "root": {"path": str(rootfs), "readonly": False},
        "process": {**process(args, env, cwd, user), "terminal": False},
        "mounts": [*_mounts(), *(mount.to_json() for mount in mounts)],
        "linux": {
            "namespaces": spaces,
            "cgroupsPath": cgroup,
            "resources": {"devices": [{"allow": False, "access": "rwm"}]},
            "seccomp": seccomp(),
            "maskedPaths": list(_MASKED),
            "readonlyPaths": list(_READONLY),
        },
    }


def process(args: Sequence[str], env: Sequence[str], cwd: str, user: User) -> Mapping[str, Any]:
    """The ``process`` object: what ``create`` and ``exec`` run, and with which rights.

    A user other than root has no capability of its own, but may gain those of a file (Docker keeps the bounding set).
    """
    own = list(CAPABILITIES) if user.uid == 0 else []
    return {
        "args": list(args),
        "env": list(env),
        "cwd": cwd or "/",
        "user": {"uid": user.uid, "gid": user.gid, "additionalGids": list(user.groups)},
        "capabilities": {"bounding": list(CAPABILITIES), "permitted": own, "effective": own},
        "noNewPrivileges": False,
    }
