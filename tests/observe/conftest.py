"""Images that observe's tests run: made once, since they do not change."""

from __future__ import annotations

from pathlib import Path

import pytest

import images
from jettison.oci.image import Image
from jettison.oci.layout import Store
from tools import need

SERVER = b"""
import http.server, os, ssl, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = int(os.environ.get("STATUS", 200)), b"hello from %d at %f" % (os.getpid(), time.time())
        if self.path == "/late":
            import json.tool, tomllib
            body = open("/srv/late.txt", "rb").read()
        elif self.path == "/crash":
            os._exit(5)
        elif self.path != "/":
            status, body = 404, b"not here"
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body)

time.sleep(float(os.environ.get("DELAY", 0)))
server = http.server.HTTPServer((os.environ.get("ADDRESS", ""), int(os.environ.get("PORT", 8080))), Handler)
if "TLS" in os.environ:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/srv/cert.pem", "/srv/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
print("listening", flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    need("runc", "strace")
    return Store.open(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def busybox(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Image:
    """A shell, a web server, and some files; without a command."""
    files: images.Files = {
        "/www/index.html": b"<a href='/about.html'>about</a>",
        "/www/about.html": b"about us",
        "/www/unused.html": b"nobody links here",
        "/data/once": b"read, then removed",
        "/data/owned": b"gets another owner",
        "/data/link": "once",
    }
    root = images.busybox(tmp_path_factory.mktemp("busybox") / "root", files)
    return images.image(store, root, cmd=("httpd", "-f", "-p", "8080", "-h", "/www"), exposed_ports=("8080/tcp",))


@pytest.fixture(scope="session")
def python(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Image:
    """A web server in Python that the environment tells how to behave."""
    files: images.Files = {"/srv/server.py": SERVER, "/srv/late.txt": b"read late"}
    root = images.python(tmp_path_factory.mktemp("python") / "root", files)
    certificate(root / "srv")
    return images.image(store, root, entrypoint=("python3", "/srv/server.py"), exposed_ports=("8080/tcp",))


def certificate(directory: Path) -> None:
    import subprocess

    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=app"
    subprocess.run(command.split(), cwd=directory, check=True, capture_output=True)
