"""Fetching advisories from a server that behaves as servers do: resumes, refuses, breaks off."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jettison.errors import InvalidInput, NotFound, RegistryError
from jettison.oci.retry import Retry
from jettison.security.advisories.database import opened
from jettison.security.advisories.fetch import Fetcher
from jettison.security.advisories.update import update
from security import advisory_files as files

FAST = Retry(attempts=4, first=0.001)
MODIFIED = "Tue, 06 Jan 2026 10:00:00 GMT"


@dataclass
class Mirror:
    """A directory behind HTTP. ``answers`` are statuses that come first; ``breaks`` transfers end in the middle."""

    root: Path
    url: str = ""
    ranges: bool = True
    etag: str = '"one"'
    answers: list[int] = field(default_factory=list)
    breaks: int = 0
    asked: list[tuple[str, str, int]] = field(default_factory=list)


def handler(mirror: Mirror) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing on standard error."""

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            status, data, start = self._answer(wanted)
            mirror.asked.append((self.path, wanted, status))
            self.send_response(status)
            self.send_header("Content-Length", str(0 if status == 304 else len(data)))
            self.send_header("Last-Modified", MODIFIED)
            if mirror.etag:
                self.send_header("ETag", mirror.etag)
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{start + len(data) - 1}/{start + len(data)}")
            self.end_headers()
            if status in (200, 206) and mirror.breaks:
                mirror.breaks -= 1
                data = data[: len(data) // 2]
                self.close_connection = True
            self.wfile.write(data if status != 304 else b"")

        def _answer(self, wanted: str) -> tuple[int, bytes, int]:
            if mirror.answers:
                return mirror.answers.pop(0), b"", 0
            path = mirror.root / self.path.lstrip("/").replace("%20", " ")
            if not path.is_file():
                return 404, b"", 0
            data = path.read_bytes()
            if mirror.etag and self.headers.get("If-None-Match") == mirror.etag:
                return 304, b"", 0
            if wanted and mirror.ranges and self.headers.get("If-Range") in (mirror.etag, MODIFIED):
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                return (206, data[start:], start) if start < len(data) else (416, b"", 0)
            return 200, data, 0

    return Handler


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    """A mirror of PyPI, Rocky Linux, Debian and one release of Alpine, with the catalogue but no EPSS."""
    found = Mirror(tmp_path / "mirror")
    files.archive(found.root / "osv/PyPI/all.zip", *(files.osv(f"GHSA-{n}", summary="x" * 500) for n in range(200)))
    files.archive(found.root / "osv/Rocky Linux/all.zip", files.osv("RLSA-1", "Rocky Linux:9", "openssl"))
    files.written(found.root / "debian/data.json", files.DEBIAN)
    files.written(found.root / "alpine/v3.20/main.json", files.ALPINE)
    files.written(found.root / "kev/known_exploited_vulnerabilities.json", files.KEV)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@contextlib.contextmanager
def fetcher(directory: Path) -> Iterator[Fetcher]:
    directory.mkdir(exist_ok=True)
    found = Fetcher(directory, retry=FAST)
    try:
        yield found
    finally:
        found.close()


def pypi(mirror: Mirror) -> str:
    return f"{mirror.url}/osv/PyPI/all.zip"


def content(mirror: Mirror) -> bytes:
    return (mirror.root / "osv/PyPI/all.zip").read_bytes()


def test_what_broke_off_is_resumed(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks = 2
    with fetcher(tmp_path / "cache") as fetch:
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    assert [status for _, _, status in mirror.asked] == [200, 206, 206]
    offsets = [int(wanted[6:-1]) for _, wanted, _ in mirror.asked[1:]]
    assert 0 < offsets[0] < offsets[1] < len(content(mirror))


def test_it_is_resumed_by_the_next_process_too(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks = 4
    with fetcher(tmp_path / "cache") as fetch, pytest.raises(RegistryError, match="cannot fetch PyPI"):
        fetch.fetch("PyPI", pypi(mirror))
    with fetcher(tmp_path / "cache") as fetch:
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    assert mirror.asked[-1][2] == 206


@pytest.mark.parametrize("etag", ['"one"', 'W/"weak"', ""])
def test_a_server_that_ignores_ranges(mirror: Mirror, tmp_path: Path, etag: str) -> None:
    mirror.breaks, mirror.ranges, mirror.etag = 1, False, etag
    with fetcher(tmp_path / "cache") as fetch:
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    assert [status for _, _, status in mirror.asked] == [200, 200]


def test_another_version_is_not_appended(mirror: Mirror, tmp_path: Path) -> None:
    mirror.breaks = 4
    with fetcher(tmp_path / "cache") as fetch, pytest.raises(RegistryError):
        fetch.fetch("PyPI", pypi(mirror))
    mirror.etag = '"two"'
    files.archive(mirror.root / "osv/PyPI/all.zip", files.osv("GHSA-new"))
    with fetcher(tmp_path / "cache") as fetch:
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    assert mirror.asked[-1][1:] == (mirror.asked[-1][1], 200)


def test_what_has_not_changed_is_not_sent_again(mirror: Mirror, tmp_path: Path) -> None:
    with fetcher(tmp_path / "cache") as fetch:
        first = fetch.fetch("PyPI", pypi(mirror))
        assert fetch.fetch("PyPI", pypi(mirror)) == first
    assert [status for _, _, status in mirror.asked] == [200, 304]
    assert first.stat().st_mtime == 1767693600


def test_a_whole_part_that_was_not_renamed(mirror: Mirror, tmp_path: Path) -> None:
    with fetcher(tmp_path / "cache") as fetch:
        whole = fetch.fetch("PyPI", pypi(mirror))
        whole.rename(whole.with_name(f"{whole.name}.part"))
        version = whole.with_name(f"{whole.name}.version")
        version.rename(whole.with_name(f"{whole.name}.part.version"))
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    assert [status for _, _, status in mirror.asked] == [200, 416, 200]


def test_passing_faults_are_waited_for(mirror: Mirror, tmp_path: Path) -> None:
    mirror.answers = [500, 503, 429]
    with fetcher(tmp_path / "cache") as fetch:
        assert fetch.fetch("PyPI", pypi(mirror)).read_bytes() == content(mirror)
    mirror.answers = [500] * 9
    with fetcher(tmp_path / "other") as fetch, pytest.raises(RegistryError, match="answers 500"):
        fetch.fetch("PyPI", pypi(mirror))


def test_an_update_from_a_mirror(mirror: Mirror, tmp_path: Path) -> None:
    sentences: list[str] = []
    update(tmp_path / "db", (), mirror.url, sentences.append, retry=FAST)
    with opened(tmp_path / "db") as database:
        assert set(database.ecosystems) == {
            "PyPI", "Rocky Linux:9", "Alpine:v3.20", "Debian:11", "Debian:12", "Debian:13", "Debian:sid",
        }  # fmt: skip
        assert database.known_exploited("CVE-2024-0001")
        assert {source.name: source.date for source in database.info.sources}["Alpine"] == "2026-01-06T10:00:00Z"
    assert any(each.startswith("EPSS: left out: ") for each in sentences)
    assert any(each.startswith("OSV's npm: left out: ") for each in sentences)
    assert not any("Alpine" in each for each in sentences)
    mirror.asked.clear()
    update(tmp_path / "db", ("PyPI", "Debian"), mirror.url, retry=FAST)
    assert {status for _, _, status in mirror.asked} == {304, 404}
    with opened(tmp_path / "db") as database:
        assert not database.covers("Rocky Linux:9")


def test_an_update_from_a_directory(mirror: Mirror, tmp_path: Path) -> None:
    update(tmp_path / "db", ("Rocky Linux", "Alpine"), str(mirror.root), retry=FAST)
    with opened(tmp_path / "db") as database:
        assert set(database.ecosystems) == {"Rocky Linux:9", "Alpine:v3.20"}
    assert not mirror.asked


@pytest.mark.parametrize("kind", ["url", "directory"])
def test_an_ecosystem_that_is_named_must_be_there(mirror: Mirror, tmp_path: Path, kind: str) -> None:
    (tmp_path / "db").write_text("old")
    place = mirror.url if kind == "url" else str(mirror.root)
    (mirror.root / "alpine/v3.20/main.json").unlink()
    for name in ("PyPy", "Alpine"):
        with pytest.raises(NotFound, match="there is no"):
            update(tmp_path / "db", (name,), place, retry=FAST)
    assert (tmp_path / "db").read_text() == "old"


def test_without_a_network_the_old_one_stays(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "db").write_text("old")
    with pytest.raises(RegistryError, match=r"cannot fetch OSV's PyPI: http://127\.0\.0\.1:1/.*refused"):
        update(tmp_path / "db", ("PyPI",), "http://127.0.0.1:1", retry=FAST)
    assert (tmp_path / "db").read_text() == "old"


def test_what_came_damaged_is_fetched_again(mirror: Mirror, tmp_path: Path) -> None:
    good = content(mirror)
    (mirror.root / "osv/PyPI/all.zip").write_bytes(good[:-100])
    with pytest.raises(InvalidInput, match="cut off or no zip archive"):
        update(tmp_path / "db", ("PyPI",), mirror.url, retry=FAST)
    assert not (tmp_path / "db").exists()
    (mirror.root / "osv/PyPI/all.zip").write_bytes(good)
    update(tmp_path / "db", ("PyPI",), mirror.url, retry=FAST)
    with opened(tmp_path / "db") as database:
        assert database.ecosystems == {"PyPI": 200}


def test_two_updates_at_once(mirror: Mirror, tmp_path: Path) -> None:
    directory = tmp_path / "db.downloads"
    directory.mkdir()
    with open(directory / ".lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(InvalidInput, match="another update is at work"):
            update(tmp_path / "db", ("PyPI",), mirror.url, retry=FAST)


def test_an_address_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot fetch OSV's PyPI: ftp://x/"):
        update(tmp_path / "db", ("PyPI",), "ftp://x", retry=FAST)
