"""Network namespaces with a loopback and nothing else, so that a container reaches nobody and no ports clash.

A namespace lives as long as a descriptor of it is open: when this process ends, however it ends, nothing is left.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from jettison.errors import PrivilegeRequired
from jettison.runtime import kernel

Result = TypeVar("Result")

_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x1 | 0x40


@dataclass(frozen=True, slots=True)
class NetworkNamespace:
    """An open network namespace."""

    descriptor: int

    @property
    def path(self) -> str:
        """A path at which other processes can open it, for as long as this one has it open."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"


@contextmanager
def network() -> Iterator[NetworkNamespace]:
    """A new namespace in which only the loopback is up."""
    namespace = NetworkNamespace(in_thread(_make))
    try:
        yield namespace
    finally:
        os.close(namespace.descriptor)


def _make() -> int:
    try:
        kernel.unshare(kernel.CLONE_NEWNET)
    except PermissionError as error:
        raise PrivilegeRequired("cannot make a network namespace: this needs root (CAP_SYS_ADMIN)") from error
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP_RUNNING))
    return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def inside(namespace: NetworkNamespace, function: Callable[..., Result], *arguments: Any) -> Result:
    """Call ``function`` in a thread that is in ``namespace``, and give its result or raise its error."""

    def work() -> Result:
        kernel.setns(namespace.descriptor, kernel.CLONE_NEWNET)
        return function(*arguments)

    return in_thread(work)


def in_thread(function: Callable[[], Result]) -> Result:
    """Call ``function`` in a thread of its own, whose namespaces end with it."""
    outcome: list[Result] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return outcome[0]
