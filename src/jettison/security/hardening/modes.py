"""Files that run with another's rights: setuid, setgid, file capabilities (capabilities(7))."""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator

from jettison.filetree import FileEntry, Kind
from jettison.security.hardening.model import Subject, Weakness
from jettison.security.model import Severity

ATTRIBUTE = "security.capability"
#: linux/capability.h, in the order of their numbers.
NAMES = (
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
    "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
    "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
    "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
    "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
    "checkpoint_restore",
)  # fmt: skip
#: With one of these a program can make itself root.
_STRONG = frozenset({
    "cap_chown", "cap_dac_override", "cap_fowner", "cap_setuid", "cap_setgid", "cap_setpcap", "cap_setfcap",
    "cap_sys_module", "cap_sys_rawio", "cap_sys_ptrace", "cap_sys_admin", "cap_dac_read_search", "cap_bpf",
    "cap_mac_admin", "cap_mac_override",
})  # fmt: skip


class Setuid:
    """Programs with the setuid bit, and those with the setgid bit."""

    name = "setuid"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """Those that packages of the distribution bring are known programs, and count less than anybody else's."""
        for entry in subject.tree.values():
            if entry.kind is Kind.FILE and entry.mode & (stat.S_ISUID | stat.S_ISGID):
                yield _set(subject, entry)


def _set(subject: Subject, entry: FileEntry) -> Weakness:
    owned = entry.path in subject.owned
    if entry.mode & stat.S_ISUID:
        who = "root" if entry.uid == 0 else f"user {entry.uid}"
        severity = Severity.MEDIUM if owned or entry.uid else Severity.HIGH
        return subject.about(entry, "setuid", severity, f"whoever starts it is {who} (mode {entry.mode:04o})")
    who = "root" if entry.gid == 0 else str(entry.gid)
    severity = Severity.LOW if owned or entry.gid else Severity.MEDIUM
    return subject.about(entry, "setgid", severity, f"whoever starts it has the group {who} (mode {entry.mode:04o})")


class Capabilities:
    """Programs with file capabilities."""

    name = "capabilities"

    def find(self, subject: Subject) -> Iterator[Weakness]:
        """What Docker takes out of the bounding set cannot be gained; it is listed all the same."""
        for entry in subject.tree.values():
            if ATTRIBUTE in entry.xattrs and entry.kind is Kind.FILE:
                names = capabilities(entry.xattrs[ATTRIBUTE])
                if names:
                    severity = Severity.LOW if _STRONG.isdisjoint(names) else Severity.HIGH
                    said = ", ".join(names)
                    yield subject.about(entry, "capabilities", severity, f"whoever starts it gains {said}")


def capabilities(value: bytes) -> tuple[str, ...]:
    """The names of the permitted and inheritable ones of ``struct vfs_cap_data``; empty for what is none."""
    if len(value) not in (12, 20, 24):
        return ()
    words = struct.unpack(f"<{len(value) // 4}I", value)
    low, high = words[1] | words[2], words[3] | words[4] if len(words) > 4 else 0
    bits = low | high << 32
    return tuple(_name(number) for number in range(64) if bits >> number & 1)


def _name(number: int) -> str:
    return f"cap_{NAMES[number]}" if number < len(NAMES) else f"capability {number}"
