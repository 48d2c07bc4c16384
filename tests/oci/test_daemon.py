"""The Docker daemon: what is said where there is none, or another answer than hoped for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jettison.errors import InvalidConfiguration, JettisonError, NotFound, RegistryError, Unsupported
from jettison.oci import daemon
from jettison.oci.reference import DockerDaemonReference, name

APP = DockerDaemonReference(name("app:1"))


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """A socket that gives one answer, whatever it is asked; yields what it was asked."""
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            while not asked:
                connection, _ = server.accept()
                with connection:
                    data = connection.recv(65536)
                    if not data:
                        continue  # only a look whether anybody is here
                    while b"chunked" in data and not data.endswith(b"0\r\n\r\n"):
                        data += connection.recv(65536)
                    asked.append(data)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield asked
        thread.join(10)


def reply(status: str, body: bytes, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def export() -> bytes:
    with daemon.export(APP) as chunks:
        return b"".join(chunks)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    return tmp_path / "docker.sock"


def test_there_is_no_daemon(host: Path) -> None:
    with pytest.raises(RegistryError, match=r"cannot read docker-daemon:app:1: no Docker daemon answers at unix://"):
        export()
    with pytest.raises(RegistryError, match=r"cannot write docker-daemon:app:1: no Docker daemon answers"):
        daemon.load([b"x"], APP)


def test_an_image_is_exported(host: Path) -> None:
    with answering(host, reply("200 OK", b"tar", "application/x-tar")) as asked:
        assert export() == b"tar"
    assert asked[0].startswith(b"GET /images/app:1/get ")


def test_an_archive_is_loaded(host: Path) -> None:
    with answering(host, reply("200 OK", b'{"stream":"Loaded image: app:1"}\n')) as asked:
        daemon.load([b"one", b"two"], APP)
    assert asked[0].startswith(b"POST /images/load?quiet=1 ")
    assert b"one" in asked[0]


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (reply("404 Not Found", b'{"message":"no such image: app:1"}'), NotFound, "has no such image"),
        (reply("500 Oh", b'{"message":"reference does not exist"}'), NotFound, "has no such image"),
        (reply("500 Oh", b'{"message":"out of\\ncheese"}'), RegistryError, "says: out of cheese"),
        (b"nonsense", RegistryError, "the Docker daemon: "),
    ],
)
def test_what_goes_wrong_on_export(host: Path, answer: bytes, kind: type[JettisonError], reason: str) -> None:
    with answering(host, answer), pytest.raises(kind, match=reason):
        export()


def test_an_error_after_the_status(host: Path) -> None:
    body = b'{"stream":"x"}\n{"errorDetail":{"message":"no space left"},"error":"no space left"}\n'
    with answering(host, reply("200 OK", body)), pytest.raises(RegistryError, match="says: no space left"):
        daemon.load([b"x"], APP)


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [("ssh://me@host", Unsupported, "forward its socket"), ("what", InvalidConfiguration, "expected unix://")],
)
def test_a_docker_host_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, value: str, kind: type[JettisonError], reason: str
) -> None:
    monkeypatch.setenv("DOCKER_HOST", value)
    with pytest.raises(kind, match=reason):
        export()
