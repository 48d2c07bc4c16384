"""TCP: a connection is accepted, and a server that speaks first says the same."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass

from jettison.probes.http import any_certificate, escaped
from jettison.probes.model import LOOPBACK, Answer, Target

#: How long a server that speaks first may take to do so.
BANNER_SECONDS = 0.25
#: After this long without a byte of answer to an HTTP request, a port is taken not to speak HTTP.
SILENCE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class TcpProbe:
    """Connect to a port and read what the server says unasked."""

    port: int

    @property
    def name(self) -> str:
        return f"tcp {self.port}"

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Working means that the connection was accepted."""
        service = target.service(self.port)
        host = service.host if service else LOOPBACK
        began = time.monotonic()
        try:
            with socket.create_connection((host, self.port), timeout=target.timeout) as connection:
                banner = _banner(connection)
        except OSError as error:
            return (Answer(self.name, False, error=f"cannot connect: {error.strerror or error}"),)
        return (Answer(self.name, True, {"banner": banner}, seconds=time.monotonic() - began),)


def _banner(connection: socket.socket) -> str:
    connection.settimeout(BANNER_SECONDS)
    try:
        return connection.recv(4096).decode("utf-8", "backslashreplace")
    except OSError:
        return ""  # it waits for the client to speak, as most do


def protocol(host: str, port: int, path: str = "/", silence: float = SILENCE_SECONDS) -> str | None:
    """What a listening port speaks: ``http``, ``https`` or ``tcp``; ``None`` where it does not accept.

    ``path`` is asked for, so that finding out opens nothing else than the first probe does.
    """
    try:
        head = _greeting(host, port, path, silence)
    except TimeoutError:
        return "tcp"
    except OSError:
        return None
    if head.startswith(b"HTTP/") and not head.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400")):
        return "http"
    # A TLS server answers plain HTTP with an alert, by hanging up, or with a plain 400.
    if (not head or head[:1] == b"\x15" or head.startswith(b"HTTP/")) and _speaks_tls(host, port, silence):
        return "https"
    return "http" if head.startswith(b"HTTP/") else "tcp"


def _greeting(host: str, port: int, path: str, silence: float) -> bytes:
    """The first bytes after a plain HTTP request, none where the server hangs up.

    Raises ``TimeoutError`` where it says nothing, another ``OSError`` where it does not accept.
    """
    with socket.create_connection((host, port), timeout=silence) as connection:
        try:
            head = f"HEAD {escaped(path)} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            return connection.recv(64)
        except ConnectionError:
            return b""


def _speaks_tls(host: str, port: int, silence: float) -> bool:
    try:
        with socket.create_connection((host, port), timeout=silence) as connection:
            connection.settimeout(silence)
            with any_certificate().wrap_socket(connection, server_hostname="localhost"):
                return True
    except (OSError, ssl.SSLError, ValueError):
        return False
