"""Which version of a program is installed."""

from __future__ import annotations

import re
import shutil
import subprocess

from jettison.measure.bench.model import Command, command
from jettison.measure.bench.process import PATH

_NUMBER = re.compile(r"\d+\.\d+[\w.~+-]*")


def version(program: str, *arguments: str) -> str:
    """The number that it prints; empty where it is not installed, or prints none."""
    found = shutil.which(program, path=PATH)
    if found is None:
        return ""
    try:
        done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    number = _NUMBER.search(done.stdout)
    return number[0].rstrip(".,") if number else ""


def programs(*names: str) -> list[Command]:
    """Read programs into memory."""
    return [command("cksum", found) for name in names if (found := shutil.which(name, path=PATH))]
