"""How long work tells that it goes on: a protocol and a silent default. What it looks like is in ``cli.progress``."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about tasks and their units (bytes, for transfers). Called from several threads at once."""

    def start(self, task: str, total: int | None = None) -> int:
        """Begin a task of ``total`` units (``None``: not known); gives the key for the other calls."""
        ...

    def advance(self, key: int, n: int) -> None:
        """``n`` more units are done; negative where some are done again, after a failed attempt."""
        ...

    def finish(self, key: int) -> None:
        """The task is over, whether it succeeded or not."""
        ...


class Silent:
    """Tells nobody."""

    def start(self, task: str, total: int | None = None) -> int:
        """See ``Progress.start``."""
        return 0

    def advance(self, key: int, n: int) -> None:
        """See ``Progress.advance``."""

    def finish(self, key: int) -> None:
        """See ``Progress.finish``."""


SILENT = Silent()
