"""What a container says by itself: exit code and output of one that ends, the lines of one that runs on."""

from __future__ import annotations

import re

from jettison.probes.exec import OUTPUT_LIMIT, finished
from jettison.probes.model import Answer, Execution

EXIT = "exit"
OUTPUT = "output"


def ended(done: Execution, expected: int, seconds: float) -> Answer:
    """The answer of a program that ended by itself. Working means the expected exit code."""
    return finished(EXIT, done, expected, seconds)


def running(done: Execution, seconds: float) -> Answer:
    """The answer of a program that ran on and listens nowhere: which kinds of lines it printed.

    How often, and with which numbers, depends on the moment at which it was stopped, so numbers become ``#`` and
    each line counts once. ``done.code`` is not looked at.
    """
    return Answer(OUTPUT, True, {"stdout": _kinds(done.stdout), "stderr": _kinds(done.stderr)}, seconds=seconds)


def _kinds(output: bytes) -> str:
    lines = re.sub(r"\d+", "#", output[:OUTPUT_LIMIT].decode("utf-8", "backslashreplace")).splitlines(keepends=True)
    whole = [line.rstrip() for line in lines if line.endswith(("\n", "\r"))]
    return "\n".join(sorted(set(whole)))
