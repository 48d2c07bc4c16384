"""Which system calls a container makes, by name, told by ``strace`` on this machine (strace(1))."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from jettison.observe.model import Seen
from jettison.observe.strace import Reader, Strace

_OPTIONS = ("-f", "-qq", "-s", "256", "-e", "trace=all", "-e", "signal=none")
_LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(\(| resumed>)(.*)")
_RESULT = re.compile(r"= (\d+)(?: \(.*\))?$")
_PROGRAM = re.compile(r'(?:-?\w+, )?"([^"]*)"')
_FORKS = frozenset({"clone", "clone3", "fork", "vfork"})
_EXECUTES = frozenset({"execve", "execveat"})
#: What the container runtime executes itself; it first copies itself to memory, which has no name.
_RUNTIME = re.compile(r"(?:.*/)?(?:runc|crun|youki)|/proc/self/(?:exe|fd/\d+)|")
_UNKNOWN = "syscall_0x"


class Names:
    """Takes lines of ``strace -f``, adds to ``seen`` the name of each call that a process in the container makes.

    ``outside``: the first process is the runtime on this machine, which is in the container once it has executed
    the container's program. What was there before is outside, and so is what such a process starts.
    """

    def __init__(self, seen: dict[str, None], *, outside: bool) -> None:
        self._seen = seen
        self._started = not outside
        self._outside: set[int] = set()
        self._executed: dict[int, bool] = {}

    def feed(self, line: str) -> None:
        """Take one line in; what is no call is passed over."""
        found = _LINE.match(line)
        if not found:
            return
        pid, call, rest = int(found[1]), found[2], found[4]
        if not self._started:
            self._outside.add(pid)
        if call in _EXECUTES:
            self._execute(pid, call, rest, resumed=found[3] != "(")
        elif call in _FORKS:
            self._fork(pid, rest)
        if pid not in self._outside:
            self._seen[call] = None

    def _execute(self, pid: int, call: str, rest: str, *, resumed: bool) -> None:
        """A process enters the container by executing what is not the runtime's; the call is made within."""
        if not resumed:
            program = _PROGRAM.match(rest)
            self._executed[pid] = program is None or _RUNTIME.fullmatch(program[1]) is None
        done = _RESULT.search(rest)
        if done and done[1] == "0" and self._executed.get(pid):
            self._started = True
            self._outside.discard(pid)
            self._seen[call] = None

    def _fork(self, pid: int, rest: str) -> None:
        child = _RESULT.search(rest)
        if child and pid in self._outside:
            self._outside.add(int(child[1]))


class Calls(Strace):
    """A tracer of the names of system calls; it does not tell which files are opened."""

    name = "calls"
    options = _OPTIONS

    def __init__(self, directory: Path, cwd: str = "/") -> None:
        super().__init__(directory, cwd)
        self._names: dict[str, None] = {}
        self._given = 0

    def reader(self, *, outside: bool) -> Reader:
        """Reads one log of names."""
        return Names(self._names, outside=outside)

    def drain(self) -> Seen:
        """The names that are new. One that strace has no name for is a caveat: no profile can allow it."""
        with self._lock:
            self._read()
            fresh = list(islice(self._names, self._given, None))
            self._given = len(self._names)
        unknown = [name for name in fresh if name.startswith(_UNKNOWN)]
        self.caveats += [f"system call {name.removeprefix('syscall_')} has no name here" for name in unknown]
        return Seen(calls=tuple(name for name in fresh if not name.startswith(_UNKNOWN)))
