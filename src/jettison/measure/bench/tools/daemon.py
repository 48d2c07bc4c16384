"""Waiting for a daemon to answer."""

from __future__ import annotations

import time
from pathlib import Path

from jettison.errors import JettisonError
from jettison.measure.bench.model import Command, Launcher
from jettison.measure.bench.process import ended, last_words, reason

_READY_SECONDS = 60.0
_PAUSE_SECONDS = 0.05


def wait(name: str, pid: int, socket: Path, launcher: Launcher, question: Command, log: Path) -> None:
    """Until ``question`` is answered. Raises ``JettisonError`` where the daemon ends, or does not answer in time.

    It is not asked before there is its socket: ctr waits ten seconds for one, even where nobody will make it.
    """
    deadline = time.monotonic() + _READY_SECONDS
    said = "no answer"
    while True:
        try:
            if socket.exists():
                launcher.run(question)
                return
        except JettisonError as error:
            said = str(error)
        if ended(pid):
            raise JettisonError(f"cannot start {name}: {last_words(log) or 'it ends at once'}")
        if time.monotonic() > deadline:
            raise JettisonError(f"cannot start {name}: {reason(log.read_text(errors='replace')) or said}")
        time.sleep(_PAUSE_SECONDS)
