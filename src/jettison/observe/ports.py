"""Which ports listen in a network namespace (proc(5), ``/proc/PID/net/tcp``)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jettison.probes.model import LOOPBACK

#: Table -> the state of a socket that waits for others: TCP_LISTEN, and for UDP "not connected" (TCP_CLOSE).
_TABLES = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
#: Where the kernel takes ports from that nobody chose (ip(7), ip_local_port_range, its default).
EPHEMERAL = range(32768, 61000)


@dataclass(frozen=True, slots=True, order=True)
class Listener:
    """A listening socket; ``address`` as it was bound, ``0.0.0.0`` or ``::`` for any."""

    port: int
    address: str
    kind: str = "tcp"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses at which it may be reached from inside the namespace, the usual one first."""
        return {"0.0.0.0": (LOOPBACK,), "::": (LOOPBACK, "::1")}.get(self.address, (self.address,))

    @property
    def is_local(self) -> bool:
        """Whether nothing outside the container could reach it."""
        return self.address.startswith("127.") or self.address in ("::1", "::ffff:127.0.0.1")


def listening(pid: int) -> tuple[Listener, ...]:
    """The sockets that listen in the network namespace of process ``pid``, by port; none where it has ended."""
    found: set[Listener] = set()
    for table, state in _TABLES.items():
        try:
            text = Path(f"/proc/{pid}/net/{table}").read_text()
        except OSError:
            continue  # it ended just now, or the kernel has no IPv6
        found.update(_listeners(text, table[:3], state))
    return tuple(sorted(found))


def _listeners(text: str, kind: str, state: str) -> Iterator[Listener]:
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 3 and fields[3] == state:
            address, _, port = fields[1].partition(":")
            yield Listener(int(port, 16), _address(address), kind)


def _address(text: str) -> str:
    """Words of 32 bits in the order of this machine's bytes."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    packed = b"".join(struct.pack("=I", word) for word in words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


def names(listeners: tuple[Listener, ...], exposed: frozenset[int]) -> frozenset[str]:
    """``tcp/8080``; a port that the kernel chose is ``tcp/ephemeral``, an unexposed UDP socket is a client's."""
    found = set()
    for listener in listeners:
        if listener.port in exposed or (listener.kind == "tcp" and listener.port not in EPHEMERAL):
            found.add(f"{listener.kind}/{listener.port}")
        elif listener.kind == "tcp":
            found.add("tcp/ephemeral")
    return frozenset(found)
