"""Files that take the place of others."""

from __future__ import annotations

import os
from pathlib import Path


def keep_access(original: Path, other: Path) -> None:
    """Give ``other`` the mode of ``original`` and, as root, its owner: root writes into users' directories."""
    status = original.stat()
    if os.geteuid() == 0:
        os.chown(other, status.st_uid, status.st_gid)
    other.chmod(status.st_mode & 0o7777)
