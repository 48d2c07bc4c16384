"""Advisories of vulnerabilities: read from what others publish, kept in one SQLite file, looked up by package."""

from __future__ import annotations

import os
from pathlib import Path


def default_path() -> Path:
    """``$JETTISON_DB``, else ``$XDG_DATA_HOME/jettison/advisories.db``, else below ``~/.local/share``."""
    if named := os.environ.get("JETTISON_DB"):
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(data, "jettison", "advisories.db")
