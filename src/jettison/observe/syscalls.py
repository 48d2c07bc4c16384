"""Reading what ``strace -f -y`` writes: which paths were opened, and which were looked up in vain (strace(1)).

A line is ``PID CALL(ARGUMENTS) = RESULT``; a call that another process interrupts comes in two lines, ``<unfinished
...>`` and ``<... CALL resumed>``. Directory descriptors carry their path (``3</app>``, ``AT_FDCWD</app>``), so that a
relative name is known; for the old calls without one the working directory is asked of the process itself.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable

from jettison.observe.model import Access

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<((?:[^>\\]|\\.)*)>)?(?: (E[A-Z0-9]+))?")
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
_NAMED = re.compile(rf"(?:(?:AT_FDCWD|\d+)(?:<((?:[^>\\]|\\.)*)>)?, )?{_TEXT}")
_SOCKET = re.compile(rf"sun_path={_TEXT}")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))")
_PLAIN = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f", b"e": b"\x1b"}
#: A look-up that fails like this fails because something is not there.
_ABSENT = {"ENOENT", "ENOTDIR"}
#: What the runtime executes before the container's program.
_RUNTIMES = ("/proc/self/exe", "runc", "crun")


class Syscalls:
    """Takes lines, adds to ``seen`` what was found (``Access``) and what was looked up in vain (a path).

    Paths are absolute, as the container sees them, and kept in the order in which they were first seen.
    ``cwd`` is where the container's program starts; ``working_directory`` asks where a process is.
    """

    def __init__(
        self,
        seen: dict[Access | str, None],
        cwd: str = "/",
        working_directory: Callable[[int], str | None] | None = None,
    ) -> None:
        self._seen = seen
        self._cwd = cwd
        self._ask = working_directory or _live_directory
        self._started = False
        self._outside: set[int] = set()
        self._programs: dict[int, str] = {}
        self._last = ""
        self._directories: dict[int, str] = {}
        self._unfinished: dict[int, str] = {}

    def feed(self, line: str) -> None:
        """Take one line in; what is not a call (signals, exits) is passed over."""
        found = _LINE.match(line)
        if not found:
            return
        pid, text = int(found[1]), found[2]
        if text.endswith("<unfinished ...>"):
            self._unfinished[pid] = text.removesuffix("<unfinished ...>").rstrip()
            return
        rest = _RESUMED.match(text)
        if rest:
            text = self._unfinished.pop(pid, "") + rest[1]
        call = _CALL.match(text)
        if call:
            self._take(pid, call[1], call[2], int(call[3]), call[4], call[5] or "")

    def _take(self, pid: int, call: str, arguments: str, result: int, opened: str | None, error: str) -> None:
        path = self._path(pid, call, arguments)
        if call in ("execve", "execveat") and result == 0 and path:
            self._start(pid, path)
        if not self._started:
            self._outside.add(pid)
        if path is None or (pid in self._outside and not (call.startswith("execve") and result < 0)):
            return
        if error in _ABSENT:
            self._seen[path] = None
        elif result >= 0:
            self._succeeded(pid, call, path, opened)

    def _start(self, pid: int, path: str) -> None:
        if path.startswith(_RUNTIMES[0]) or posixpath.basename(path) in _RUNTIMES:
            return
        self._started = True
        self._outside.discard(pid)
        self._last = self._programs[pid] = path

    def _succeeded(self, pid: int, call: str, path: str, opened: str | None) -> None:
        if call in ("chdir", "fchdir"):
            self._directories[pid] = path
        if call in ("execve", "execveat"):
            self._seen[Access(path, path, True)] = None
            return
        # What opens has a descriptor as its result, and with it the path that the name led to.
        used = unescape(opened) if opened and opened.startswith("/") else path
        # A process that was not seen to execute anything is a child of one that was.
        self._seen[Access(used, self._programs.get(pid, self._last))] = None

    def _path(self, pid: int, call: str, arguments: str) -> str | None:
        """The absolute path that a call names first; ``None`` where it names none."""
        found = _SOCKET.search(arguments) if call == "bind" else None
        if found:
            directory, name = "", unescape(found[1])
        else:
            match = _NAMED.match(arguments)
            if match is None or (call.startswith("symlink")):
                return None
            directory, name = unescape(match[1] or ""), unescape(match[2])
        if not name.startswith("/"):
            name = posixpath.join(directory or self._directory(pid), name)
        return posixpath.normpath(name).replace("//", "/") if ".." not in name else name

    def _directory(self, pid: int) -> str:
        return self._ask(pid) or self._directories.get(pid, self._cwd)


def _live_directory(pid: int) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


def unescape(text: str) -> str:
    """A C string literal's content as a path (``surrogateescape`` for bytes that are not UTF-8)."""

    def replace(found: re.Match[bytes]) -> bytes:
        octal, digits, plain = found.groups()
        if octal:
            return bytes([int(octal, 8) & 0xFF])
        return bytes([int(digits, 16)]) if digits else _PLAIN.get(plain, plain)

    return os.fsdecode(_ESCAPE.sub(replace, os.fsencode(text)))
