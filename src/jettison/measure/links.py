"""Links of a known rate: a veth pair between two network namespaces, shaped by tbf (tc-tbf(8)) at both ends.

The namespaces are held by descriptors, so that nothing of them is left when this process ends, however it ends.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jettison.errors import InvalidInput, JettisonError
from jettison.runtime import NetworkNamespace, inside, network

UNSHAPED = "unshaped"
_UNITS = {"bit": 1, "kbit": 1e3, "mbit": 1e6, "gbit": 1e9}
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(bit|kbit|mbit|gbit)", re.IGNORECASE)
#: A bucket holds what the rate sends in this time, and at least one large packet.
_BURST_SECONDS, _BURST_BYTES = 0.005, 65_536
_QUEUE = "50ms"
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Rate:
    """A link's rate. ``name`` is as the user wrote it; ``bits`` is a second's, ``None`` for an unshaped link."""

    name: str = UNSHAPED
    bits: float | None = None

    @property
    def bytes(self) -> float | None:
        """Bytes a second."""
        return None if self.bits is None else self.bits / 8


def rate(text: str) -> Rate:
    """``100mbit``, ``1gbit`` or ``unshaped``. Raises ``InvalidInput``."""
    word = text.strip().lower()
    if word == UNSHAPED:
        return Rate()
    found = _RATE.fullmatch(word)
    bits = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not 8e3 <= bits <= 1e12:
        raise InvalidInput(f"cannot use the link {text!r}: a rate is a number and kbit, mbit or gbit, as 100mbit")
    return Rate(word, bits)


def why_not() -> str:
    """Why links cannot be shaped here; empty where they can."""
    if os.geteuid() != 0:
        return "this needs root"
    missing = [name for name in ("ip", "tc") if shutil.which(name, path=_PATH) is None]
    return f"{' and '.join(missing)} (iproute2) is not installed" if missing else ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that an interface has carried since it was made, headers included."""

    received: int
    sent: int

    @property
    def total(self) -> int:
        """Both ways."""
        return self.received + self.sent


@dataclass(frozen=True, slots=True)
class Link:
    """A wire between two namespaces. ``number`` tells the wires of one server apart."""

    client: NetworkNamespace
    server: NetworkNamespace
    number: int = 0

    @property
    def address(self) -> str:
        """The server's address on this wire, of the range for benchmarks (RFC 2544, section C.2.2)."""
        return f"198.18.{self.number}.2"

    def shape(self, wanted: Rate) -> None:
        """Let both ends send at that rate from now on; an unshaped one takes the limit away."""
        for name, namespace in self._ends():
            if wanted.bits is None:
                inside(namespace, _command, "tc", "qdisc", "replace", "dev", name, "root", "pfifo_fast")
                continue
            burst = int(max(_BURST_BYTES, wanted.bits / 8 * _BURST_SECONDS))
            limits = ["rate", f"{int(wanted.bits)}bit", "burst", str(burst), "latency", _QUEUE]
            inside(namespace, _command, "tc", "qdisc", "replace", "dev", name, "root", "tbf", *limits)

    def traffic(self) -> Traffic:
        """What the client's end has carried."""
        return inside(self.client, _traffic, "client")

    def _ends(self) -> tuple[tuple[str, NetworkNamespace], ...]:
        return ("client", self.client), (f"server{self.number}", self.server)

    def connect(self) -> None:
        """Make the wire."""
        peer = ("peer", "name", f"server{self.number}", "netns", self.server.path)
        inside(self.client, _command, "ip", "link", "add", "client", "type", "veth", *peer)
        for end, (name, namespace) in enumerate(self._ends(), 1):
            address = f"198.18.{self.number}.{end}/30"
            inside(namespace, _command, "ip", "address", "add", address, "dev", name)
            inside(namespace, _command, "ip", "link", "set", name, "up")


@contextmanager
def links(count: int = 1) -> Iterator[tuple[Link, ...]]:
    """Namespaces of as many clients, each with a wire to one server. Raises ``JettisonError`` where that cannot be."""
    reason = why_not()
    if reason:
        raise JettisonError(f"cannot shape a link: {reason}")
    with ExitStack() as stack:
        server = stack.enter_context(network())
        found = tuple(Link(stack.enter_context(network()), server, number) for number in range(count))
        for one in found:
            one.connect()
        yield found


def _command(*arguments: str) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, "PATH": _PATH}, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise JettisonError(f"cannot set up a link: {' '.join(arguments[:3])}: {reason}")


def _traffic(interface: str) -> Traffic:
    """Of the namespace that this thread is in (proc_net(5), ``dev``)."""
    for line in Path("/proc/thread-self/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == interface:
            fields = numbers.split()
            return Traffic(int(fields[0]), int(fields[8]))
    raise JettisonError(f"cannot read the counters of {interface}: it is gone")
