"""Which ports listen, from the kernel's own table."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from jettison.observe.ports import Listener, listening, names


@pytest.fixture(params=["127.0.0.1", "0.0.0.0", "::1", "::"])
def bound(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with socket.create_server((request.param, 0), family=family) as server:
        yield request.param, server.getsockname()[1]


def test_a_listening_socket_is_seen_with_its_address(bound: tuple[str, int]) -> None:
    address, port = bound
    found = Listener(port, address)
    assert found in listening(os.getpid())
    assert found.is_local == (address in ("127.0.0.1", "::1"))
    assert found.hosts[0] == {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(address, address)


def test_a_connection_does_not_listen_and_a_process_that_is_gone_has_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getsockname()[1] not in {listener.port for listener in listening(os.getpid())}
    assert listening(2**22 + 1) == ()


def test_ports_that_nobody_chose_have_no_number() -> None:
    found = (Listener(80, "::"), Listener(45000, "::"), Listener(5353, "::", "udp"), Listener(53, "::", "udp"))
    assert names(found, frozenset({53})) == {"tcp/80", "tcp/ephemeral", "udp/53"}
    assert names(found, frozenset({45000})) == {"tcp/80", "tcp/45000"}
