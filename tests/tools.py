"""System tools that integration tests use: a missing one is a failure that names it, never a skip."""

from __future__ import annotations

import os
import shutil


def need(*names: str) -> None:
    """Fail where one of these commands is not installed, or where the tests do not run as root."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [name for name in names if shutil.which(name, path=path) is None]
    assert not missing, f"this test needs {', '.join(missing)}: install with scripts/test"
    assert os.geteuid() == 0, "this test needs root"
