"""A certificate authority of the tests' own, and an HTTPS server that it vouches for."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

PORT = 8443
URL = f"https://localhost:{PORT}/"
_ANSWER = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nover TLS\n"


@dataclass(frozen=True, slots=True)
class Authority:
    """``certificate`` is what clients trust; ``server`` holds the server's key and certificate."""

    certificate: Path
    server: Path


def authority(directory: Path) -> Authority:
    """The authority kept in ``directory``, made with openssl where there is none yet."""
    directory.mkdir(parents=True, exist_ok=True)
    certificate, server = directory / "authority.crt", directory / "server.pem"
    if not server.exists():
        key, request, signed = (directory / name for name in ("authority.key", "server.csr", "server.crt"))
        names = directory / "names"
        names.write_text("subjectAltName = DNS:localhost, IP:127.0.0.1\n")
        _openssl(f"req -x509 -nodes -newkey rsa:2048 -days 3650 -subj /CN=Tests -keyout {key} -out {certificate}")
        _openssl(f"req -nodes -newkey rsa:2048 -subj /CN=localhost -keyout {directory}/server.key -out {request}")
        _openssl(
            f"x509 -req -days 3650 -in {request} -CA {certificate} -CAkey {key} -CAcreateserial"
            f" -extfile {names} -out {signed}"
        )
        server.write_bytes((directory / "server.key").read_bytes() + signed.read_bytes())
    return Authority(certificate, server)


def _openssl(arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], check=True, capture_output=True)


@contextmanager
def serving(server: Path) -> Iterator[None]:
    """Answer HTTPS on ``URL`` in the network namespace of the calling thread."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        thread = Thread(target=_serve, args=(listener, context), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        try:
            client.settimeout(5)
            with context.wrap_socket(client, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(_ANSWER)
        except OSError:
            client.close()  # a client that does not trust us hangs up: what it says of that is tested elsewhere
