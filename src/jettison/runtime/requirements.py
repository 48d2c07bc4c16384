"""What this machine needs for containers, and what to say where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from jettison.errors import PrivilegeRequired

_SEARCH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


def runtime() -> str:
    """The OCI runtime's path: runc. Raises ``PrivilegeRequired``."""
    found = shutil.which("runc", path=_SEARCH)
    if not found:
        raise PrivilegeRequired("cannot run a container: runc is not installed (Debian, Ubuntu: apt-get install runc)")
    return found


def require() -> None:
    """Raise ``PrivilegeRequired`` saying exactly what is missing to run containers here."""
    if os.geteuid() != 0:
        raise PrivilegeRequired(
            "cannot run a container: overlayfs, fanotify and network namespaces need root; run this with sudo"
        )
    runtime()
    kinds = Path("/proc/filesystems").read_text()
    if "\toverlay\n" not in kinds and not Path("/sys/module/overlay").exists():
        # The module may still be loadable; mounting will tell, and says so in its own words.
        subprocess.run(["modprobe", "overlay"], check=False, capture_output=True, env={"PATH": _SEARCH})
