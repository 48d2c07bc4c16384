"""Links: two namespaces with a wire between them, of the rate that was asked for, and nothing left of them."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

import pytest

from jettison.errors import InvalidInput, JettisonError
from jettison.measure import links
from jettison.measure.links import Rate, rate
from jettison.runtime import inside
from tools import need


@pytest.mark.parametrize(
    ("text", "bits"),
    [("100mbit", 100e6), ("1gbit", 1e9), (" 1.5 Mbit", 1.5e6), ("64kbit", 64e3), ("unshaped", None)],
)
def test_rates(text: str, bits: float | None) -> None:
    assert rate(text).bits == bits


def test_bytes() -> None:
    assert rate("8mbit").bytes == 1e6
    assert Rate().bytes is None


@pytest.mark.parametrize("text", ["", "fast", "100", "-1mbit", "0mbit", "1bit", "1e9mbit", "9999gbit", "1 mbyte"])
def test_no_rates(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot use the link"):
        rate(text)


def test_says_why_it_cannot_without_root() -> None:
    """In a process that loads everything first: another user may not be able to read this checkout."""
    code = "import os; from jettison.measure.links import why_not; os.seteuid(65534); print(why_not())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "this needs root"


def _qdiscs() -> str:
    return subprocess.run(["tc", "qdisc", "show"], capture_output=True, text=True, check=True).stdout


@pytest.mark.integration
def test_shapes_both_ends_and_lets_go() -> None:
    need("ip", "tc")
    with links.links(2) as (one, other):
        one.shape(rate("20mbit"))
        assert "rate 20Mbit" in inside(one.client, _qdiscs)
        assert inside(one.server, _qdiscs).count("tbf") == 1, "the other wire of the server is not shaped"
        assert "tbf" not in inside(other.client, _qdiscs)
        one.shape(Rate())
        assert "tbf" not in inside(one.client, _qdiscs)


@pytest.mark.integration
def test_counts_what_crosses() -> None:
    need("ip", "tc")
    with links.links() as (link,):
        before = link.traffic()
        listener = inside(link.server, _listen, link.address)
        taken: list[int] = []
        server = threading.Thread(target=lambda: taken.append(_take(listener)))
        server.start()
        inside(link.client, _send, link.address, listener.getsockname()[1], 1_000_000)
        server.join(10)
        assert taken == [1_000_000]
        assert link.traffic().sent - before.sent > 1_000_000
    with pytest.raises((OSError, JettisonError)):
        link.traffic()


def _listen(address: str) -> socket.socket:
    return socket.create_server((address, 0))


def _take(listener: socket.socket) -> int:
    with listener:
        connection, _ = listener.accept()
    with connection:
        return sum(len(data) for data in iter(lambda: connection.recv(65536), b""))


def _send(address: str, port: int, count: int) -> None:
    with socket.create_connection((address, port), 5) as connection:
        connection.sendall(bytes(count))
