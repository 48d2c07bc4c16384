"""What the progress of long work looks like: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

#: Seconds after which a task that is still running gets a line of its own, in plain output.
PATIENCE = 10.0


def size(count: float) -> str:
    """Bytes for people: ``999 B``, ``1.5 kB``, ``20.3 MB``; decimal units, as Docker prints them."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"


class Bars:
    """A bar for each running task: what, how far, bytes, rate, time left. Finished tasks leave the screen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rich: RichProgress | None = None

    def start(self, task: str, total: int | None = None) -> int:
        """See ``oci.progress.Progress``."""
        with self._lock:
            if self._rich is None:
                self._rich = _display()
                self._rich.start()
            return self._rich.add_task(task, total=total)

    def advance(self, key: int, n: int) -> None:
        """See ``oci.progress.Progress``."""
        if self._rich is not None:
            self._rich.advance(key, n)  # type: ignore[arg-type]

    def finish(self, key: int) -> None:
        """See ``oci.progress.Progress``."""
        with self._lock:
            if self._rich is not None:
                self._rich.remove_task(key)  # type: ignore[arg-type]
                if not self._rich.tasks:
                    self._close()

    def close(self) -> None:
        """Leave the terminal as it was."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._rich is not None:
            self._rich.stop()
            self._rich = None


def _display() -> RichProgress:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(bar_width=24),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=8,
    )


@dataclass(slots=True)
class _Task:
    name: str
    total: int | None
    began: float
    done: int = 0
    told: float = 0.0


class Lines:
    """A line when a task is over, and one every ten seconds while it runs."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._keys = itertools.count(1)
        self._tasks: dict[int, _Task] = {}

    def start(self, task: str, total: int | None = None) -> int:
        """See ``oci.progress.Progress``."""
        key, now = next(self._keys), time.monotonic()
        with self._lock:
            self._tasks[key] = _Task(task, total, now, told=now)
        return key

    def advance(self, key: int, n: int) -> None:
        """See ``oci.progress.Progress``."""
        with self._lock:
            task = self._tasks[key]
            task.done += n
            now = time.monotonic()
            if now - task.told < PATIENCE:
                return
            task.told = now
            of = f" of {size(task.total)}" if task.total else ""
            rate = size(task.done / (now - task.began))
            print(f"{task.name}: {size(task.done)}{of}, {rate}/s", file=self._stream)

    def finish(self, key: int) -> None:
        """See ``oci.progress.Progress``."""
        with self._lock:
            task = self._tasks.pop(key)
            seconds = time.monotonic() - task.began
            moved = f" {size(task.done)}," if task.done else ""
            print(f"{task.name}:{moved} {seconds:.1f} s", file=self._stream)
