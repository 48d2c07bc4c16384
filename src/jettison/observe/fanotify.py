"""Which files a container opens, told by the kernel (fanotify(7)).

One mark on the file system of the container's overlay mount is enough: whatever process opens, executes or maps a
file of it, an event comes with a descriptor of that file and the number of the process. Nothing is slowed down, and
nothing needs to be in the container. The queue has no limit; should the kernel drop events nevertheless, that is a
caveat of the observation.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from jettison.observe.model import Access, Seen

_FAN_CLOEXEC, _FAN_NONBLOCK, _FAN_UNLIMITED_QUEUE = 0x1, 0x2, 0x10
_FAN_MARK_ADD, _FAN_MARK_FILESYSTEM = 0x1, 0x100
_FAN_OPEN, _FAN_OPEN_EXEC, _FAN_ONDIR, _FAN_Q_OVERFLOW = 0x20, 0x1000, 0x40000000, 0x4000
_AT_FDCWD = -100
#: struct fanotify_event_metadata: length, version, reserved, its own length, mask, descriptor, process.
_EVENT = struct.Struct("=IBBHQii")
#: 170 events, and so at most as many descriptors open at a time.
_BUFFER = 170 * _EVENT.size


class Fanotify:
    """A tracer that watches the file system of ``root`` while it is entered.

    Raises ``OSError`` where the kernel does not allow it (no ``CAP_SYS_ADMIN``, not compiled in).
    """

    name = "fanotify"

    def __init__(self, root: Path) -> None:
        self.caveats: list[str] = []
        self._known: set[Access] = set()
        self._fresh: list[Access] = []
        self._root = os.fspath(root)
        self._programs: dict[int, str] = {}
        self._last = ""
        self._events = _watch(self._root)
        self._end = os.eventfd(0)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="fanotify", daemon=True)

    def __enter__(self) -> Fanotify:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.eventfd_write(self._end, 1)
        self._thread.join()
        with self._lock:
            os.close(self._events)
            os.close(self._end)
            self._events = -1

    def attach(self, pid: int) -> None:
        """Forget what was opened so far: it was the runtime, which reads accounts and looks for the program."""
        with self._lock:
            self._read()
            self._known.difference_update(self._fresh)
            self._fresh = []

    def wrap(self) -> Sequence[str]:
        """Nothing to do either."""
        return ()

    def drain(self) -> Seen:
        """What is new. An event is queued before its ``open`` returns, so that none comes late."""
        with self._lock:
            self._read()
            fresh, self._fresh = self._fresh, []
        return Seen(tuple(fresh))

    def _read(self) -> None:
        """Take in every event that there is."""
        while True:
            try:
                events = os.read(self._events, _BUFFER)
            except BlockingIOError:
                return
            except OSError as error:
                if self._events < 0:
                    return  # it is over, and a thread that was interrupted still asks
                self._warn(f"the kernel lost an event: {error.strerror}")
                continue
            for event in _EVENT.iter_unpack(events):
                self._take(mask=event[4], descriptor=event[5], pid=event[6])

    def _serve(self) -> None:
        poll = select.poll()
        poll.register(self._events, select.POLLIN)
        poll.register(self._end, select.POLLIN)
        while all(descriptor != self._end for descriptor, _ in poll.poll()):
            with self._lock:
                self._read()

    def _take(self, mask: int, descriptor: int, pid: int) -> None:
        if mask & _FAN_Q_OVERFLOW:
            self._warn("the kernel's queue overflowed: some opened files were not seen")
        if descriptor < 0:
            return
        try:
            path = os.readlink(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
        if pid == os.getpid():
            return
        path, executed = self._inside(path), bool(mask & _FAN_OPEN_EXEC)
        access = Access(path, self._program(pid, path if executed else self._last), executed)
        if access not in self._known:
            self._known.add(access)
            self._fresh.append(access)

    def _inside(self, path: str) -> str:
        """As the container sees it. Before the runtime has changed the root, files still show under the mount."""
        if path == self._root:
            return "/"
        return path.removeprefix(self._root) if path.startswith(f"{self._root}/") else path

    def _program(self, pid: int, otherwise: str) -> str:
        """What a process runs; ``otherwise`` where it has ended and was not seen before.

        A process that short-lived executed just this file, or is a child that the last program made for it.
        """
        try:
            self._programs[pid] = os.readlink(f"/proc/{pid}/exe")
        except OSError:
            self._programs.setdefault(pid, otherwise)
        self._last = self._programs[pid]
        return self._last

    def _warn(self, caveat: str) -> None:
        if caveat not in self.caveats:
            self.caveats.append(caveat)


def _watch(root: str) -> int:
    """A descriptor that gives an event for every open of a file or directory of ``root``'s file system."""
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _FAN_CLOEXEC | _FAN_NONBLOCK | _FAN_UNLIMITED_QUEUE
    # O_NONBLOCK: opening a named pipe for an event must not wait. O_NOATIME: looking must leave no trace.
    events: int = libc.fanotify_init(flags, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOATIME)
    if events < 0:
        raise OSError(ctypes.get_errno(), f"fanotify_init: {os.strerror(ctypes.get_errno())}")
    mask = ctypes.c_uint64(_FAN_OPEN | _FAN_OPEN_EXEC | _FAN_ONDIR)
    if libc.fanotify_mark(events, _FAN_MARK_ADD | _FAN_MARK_FILESYSTEM, mask, _AT_FDCWD, os.fsencode(root)) < 0:
        number = ctypes.get_errno()
        os.close(events)
        raise OSError(number, f"fanotify_mark: {os.strerror(number)}")
    return events
