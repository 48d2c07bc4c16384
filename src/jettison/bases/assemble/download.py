"""Files of a package repository over HTTP: tried again where that may help, verified, kept for the next time."""

from __future__ import annotations

import hashlib
import os
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import httpx

import jettison
from jettison.errors import IntegrityError, InvalidInput, NotFound, RegistryError
from jettison.oci.blobwriter import disk_errors
from jettison.oci.progress import SILENT, Progress
from jettison.oci.retry import PASSING, Passing, Retry

T = TypeVar("T")

_CHUNK = 1 << 18
#: Seconds that a file is kept after its last use.
_KEPT = 30 * 24 * 3600
_TIMEOUT = httpx.Timeout(60, connect=15, pool=None)


@dataclass(frozen=True, slots=True)
class Remote:
    """A file whose content is known beforehand: ``name`` is for people, ``size`` in bytes."""

    name: str
    url: str
    sha256: str
    size: int


@dataclass(slots=True)
class Downloads:
    """A client with a directory of what it fetched before. Safe to use from several threads."""

    cache: Path
    progress: Progress = SILENT
    retry: Retry = field(default_factory=Retry)
    stopping: threading.Event = field(default_factory=threading.Event)
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        _sweep(self.cache)
        self._client = httpx.Client(
            verify=ssl.create_default_context(),
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=5,
            headers={"User-Agent": f"jettison/{jettison.__version__}"},
        )

    def __enter__(self) -> Downloads:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def document(self, name: str, url: str, limit: int) -> bytes:
        """A file of at most ``limit`` bytes whose content is not known. Raises ``NotFound``, ``RegistryError``."""

        def fetch() -> bytes:
            data = bytearray()
            with self._get(name, url) as response:
                for chunk in response.iter_raw(_CHUNK):
                    data += chunk
                    if len(data) > limit:
                        raise InvalidInput(f"cannot fetch {name}: it has more than {limit} bytes")
            return bytes(data)

        return self._repeated(name, url, fetch)

    def file(self, remote: Remote) -> Path:
        """The file, from the cache where it is there. Raises ``IntegrityError`` where the content is another."""
        place = self.cache / remote.sha256
        if not _is(place, remote):
            self._repeated(remote.name, remote.url, lambda: self._fetch(remote, place))
        return place

    def _fetch(self, remote: Remote, place: Path) -> None:
        key = self.progress.start(remote.name, remote.size)
        try:
            with disk_errors(), tempfile.NamedTemporaryFile(dir=self.cache, prefix="part-", delete=False) as file:
                try:
                    self._receive(remote, file.write, key)
                    file.close()
                    os.replace(file.name, place)
                except BaseException:
                    os.unlink(file.name)
                    raise
        finally:
            self.progress.finish(key)

    def _receive(self, remote: Remote, write: Callable[[bytes], object], key: int) -> None:
        hasher, size = hashlib.sha256(), 0
        with self._get(remote.name, remote.url) as response:
            for chunk in response.iter_raw(_CHUNK):
                if self.stopping.is_set():
                    raise RegistryError(f"cannot fetch {remote.name}: stopped")
                hasher.update(chunk)
                write(chunk)
                size += len(chunk)
                self.progress.advance(key, len(chunk))
                if size > remote.size:
                    break
        if size != remote.size:
            got = f"more than {remote.size}" if size > remote.size else size
            raise IntegrityError(f"cannot use {remote.name}: {remote.url} has {got} bytes, not {remote.size}")
        if hasher.hexdigest() != remote.sha256:
            raise IntegrityError(
                f"cannot use {remote.name}: {remote.url} has the SHA256 {hasher.hexdigest()}, not {remote.sha256}"
            )

    @contextmanager
    def _get(self, name: str, url: str) -> Iterator[httpx.Response]:
        """The response to one request; its content comes as it is, whatever encoding the server names."""
        with self._client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response:
            status = response.status_code
            if status in PASSING:
                raise Passing(f"cannot fetch {name}: {url} answers {status}", response)
            if status in (404, 410):
                raise NotFound(f"cannot fetch {name}: there is no {url}")
            if status != 200:
                raise RegistryError(f"cannot fetch {name}: {url} answers {status}")
            yield response

    def _repeated(self, name: str, url: str, attempt: Callable[[], T]) -> T:
        number = 0
        while True:
            number += 1
            try:
                return attempt()
            except Passing as error:
                failure = error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failure = Passing(f"cannot fetch {name}: {url}: {_explained(error)}")
                if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
                    raise InvalidInput(str(failure)) from error
            seconds = self.retry.pause(number, failure.response)
            if seconds is None or self.stopping.wait(seconds):
                raise failure


def _sweep(cache: Path) -> None:
    """Remove what nothing used for a month, and what killed processes left."""
    limit = time.time() - _KEPT
    for path in cache.iterdir():
        try:
            if path.stat().st_atime < limit:
                path.unlink()
        except FileNotFoundError:
            continue  # another process sweeps too


def _is(place: Path, remote: Remote) -> bool:
    """Whether the cache has it whole; what a disk damaged is fetched again."""
    try:
        with open(place, "rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        os.utime(place, (time.time(), place.stat().st_mtime))  # used, on file systems without access times too
    except FileNotFoundError:
        return False
    return found == remote.sha256


def _explained(error: Exception) -> str:
    """A fault in one line, in words."""
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    text = str(error).partition("\n")[0]
    if text.startswith("[Errno"):
        text = text.partition("] ")[2]
    return text[:1].lower() + text[1:] if text else type(error).__name__
