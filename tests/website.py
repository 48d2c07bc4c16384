"""A web site in this process, for probes to ask. ``pages`` maps a path to (status, content type, body)."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jettison.probes import Execution, Service, Target

Page = tuple[int, str, str]


@contextmanager
def site(
    pages: Mapping[str, Page], headers: Mapping[str, str] | None = None, tls: Path | None = None
) -> Iterator[Service]:
    """Serve ``pages`` on a free port; 404 for any other. ``tls`` is a directory to make a certificate in."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = pages.get(self.path, (404, "text/plain", "nothing here"))
            self.answer(status, kind, body.encode())

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"] or 0))
            self.answer(201, "text/plain", b"got " + sent + b" as " + self.headers["x-kind"].encode())

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that speaks another protocol

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = _context(tls).wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Service(server.server_port, "https" if tls else "http")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _context(directory: Path) -> ssl.SSLContext:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=other.example"
    subprocess.run(command.split(), cwd=directory, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    return context


def target(*services: Service, timeout: float = 5.0) -> Target:
    """These services, in a container whose commands are run on this machine."""

    def execute(args: tuple[str, ...], limit: float) -> Execution:
        try:
            done = subprocess.run(args, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        return Execution(done.returncode, done.stdout, done.stderr)

    return Target(services, execute, timeout=timeout)
