"""Downloads from servers that are slow, wrong or away."""

from __future__ import annotations

import hashlib
import http.server
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jettison.bases.assemble.download import Downloads, Remote
from jettison.errors import IntegrityError, InvalidInput, NotFound, RegistryError
from jettison.oci.retry import Retry
from servers import free_port

_DATA = b"content" * 1000
_FAST = Retry(attempts=3, first=0.001, longest=0.001)


class Server(http.server.ThreadingHTTPServer):
    """Answers with these (status, body) in turn, with the last one for ever."""

    answers: list[tuple[int, bytes]]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        answers = self.server.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(_DATA) if status == 200 and body == b"cut" else len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def downloads(tmp_path: Path) -> Iterator[Downloads]:
    with Downloads(tmp_path / "cache", retry=_FAST) as made:
        yield made


def remote(server: Server, size: int = len(_DATA)) -> Remote:
    url = f"http://127.0.0.1:{server.server_address[1]}/a"
    return Remote("a 1", url, hashlib.sha256(_DATA).hexdigest(), size)


@pytest.mark.parametrize("first", [(503, b""), (200, b"cut")])
def test_what_may_pass_is_tried_again(server: Server, downloads: Downloads, first: tuple[int, bytes]) -> None:
    server.answers = [first, (200, _DATA)]
    assert downloads.file(remote(server)).read_bytes() == _DATA


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ((503, b""), RegistryError, "answers 503"),
        ((403, b""), RegistryError, "answers 403"),
        ((404, b""), NotFound, "there is no http"),
        ((200, b"short"), IntegrityError, "has 5 bytes, not 7000"),
        ((200, _DATA + b"x"), IntegrityError, "has more than 7000 bytes"),
        ((200, _DATA[:-1] + b"x"), IntegrityError, "has the SHA256"),
        ((200, b"cut"), RegistryError, "cannot fetch a 1: http"),
    ],
)
def test_what_does_not_pass_is_one_error(
    server: Server, downloads: Downloads, answer: tuple[int, bytes], error: type[Exception], reason: str
) -> None:
    server.answers = [answer]
    with pytest.raises(error, match=reason) as found:
        downloads.file(remote(server))
    assert "\n" not in str(found.value)
    assert list(downloads.cache.iterdir()) == []


def test_what_nothing_used_for_a_month_goes(tmp_path: Path) -> None:
    for name, age in (("old", 31), ("new", 29)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age * 86400,) * 2)
    with Downloads(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_document_has_a_limit(server: Server, downloads: Downloads) -> None:
    server.answers = [(200, _DATA)]
    assert downloads.document("a", remote(server).url, 7000) == _DATA
    with pytest.raises(InvalidInput, match="it has more than 6999 bytes"):
        downloads.document("a", remote(server).url, 6999)


def test_nobody_there(downloads: Downloads) -> None:
    with pytest.raises(RegistryError, match=r"cannot fetch a: .*refused"):
        downloads.document("a", f"http://127.0.0.1:{free_port()}/", 1)


def test_no_address(downloads: Downloads) -> None:
    with pytest.raises(InvalidInput, match="cannot fetch a"):
        downloads.document("a", "http://a b:x/", 1)
