"""Which tracer sees what a container does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jettison.errors import PrivilegeRequired
from jettison.observe.calls import Calls
from jettison.observe.fanotify import Fanotify
from jettison.observe.model import Seen, Tracer
from jettison.observe.strace import Strace


class Blind:
    """Sees nothing: for runs of which only the answers are wanted."""

    name = "none"

    def __init__(self) -> None:
        self.caveats: list[str] = []

    def attach(self, pid: int) -> None:
        """Nothing to do."""

    def wrap(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def drain(self) -> Seen:
        """Nothing."""
        return Seen()


@contextmanager
def tracing(name: str, root: Path, directory: Path, cwd: str) -> Iterator[Tracer]:
    """Trace a container whose root file system is mounted at ``root``.

    ``name`` is ``auto``, ``fanotify``, ``strace``, ``calls`` or ``none``; logs go to ``directory``; the program
    starts in ``cwd``. Raises ``PrivilegeRequired`` where the tracer that was asked for is not allowed or not installed.
    """
    if name == "none":
        yield Blind()
        return
    if name == "calls":
        with Calls(directory, cwd) as calls:
            yield calls
        return
    watcher = None if name == "strace" else _fanotify(root, fall_back=name == "auto")
    if watcher:
        with watcher:
            yield watcher
        return
    with Strace(directory, cwd) as strace:
        if name != "strace":
            strace.caveats.append("traced by strace, since the kernel does not allow fanotify")
        yield strace


def _fanotify(root: Path, *, fall_back: bool) -> Fanotify | None:
    try:
        return Fanotify(root)
    except OSError as error:
        if fall_back:
            return None
        raise PrivilegeRequired(f"cannot trace by fanotify: {error}; it needs root (CAP_SYS_ADMIN)") from error
