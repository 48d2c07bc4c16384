"""A proxy that counts the bytes and requests that go through it: what a client of a registry really moves."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class Count:
    """``domain`` is where to connect to; ``sent`` and ``received`` count bytes as the client sees it."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.sent = self.received = self.requests = 0
        self.lock = threading.Lock()

    def reset(self) -> None:
        """Count from 0 again."""
        with self.lock:
            self.sent = self.received = self.requests = 0


@contextlib.contextmanager
def counted(domain: str) -> Iterator[Count]:
    """Forward a port of this machine to ``domain`` (``localhost:PORT``, HTTP without TLS)."""
    goal = int(domain.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as server:
        count = Count(f"localhost:{server.getsockname()[1]}")
        threading.Thread(target=_serve, args=(server, goal, count), daemon=True).start()
        try:
            yield count
        finally:
            server.shutdown(socket.SHUT_RDWR)  # else the thread goes on to accept


def _serve(server: socket.socket, goal: int, count: Count) -> None:
    while True:
        try:
            client, _ = server.accept()
            upstream = socket.create_connection(("127.0.0.1", goal))
        except OSError:
            return
        threading.Thread(target=_forward, args=(client, upstream, count, True), daemon=True).start()
        threading.Thread(target=_forward, args=(upstream, client, count, False), daemon=True).start()


def _forward(source: socket.socket, sink: socket.socket, count: Count, asked: bool) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            with count.lock:
                if asked:
                    count.sent += len(data)
                    count.requests += data.count(b" HTTP/1.1\r\n")
                else:
                    count.received += len(data)
            sink.sendall(data)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
