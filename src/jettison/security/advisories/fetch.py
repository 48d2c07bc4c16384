"""Large files over HTTP that change from day to day: fetched once, resumed where a transfer broke off."""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import Any

import httpx

import jettison
from jettison.errors import InvalidInput, NotFound, RegistryError
from jettison.oci.blobwriter import disk_errors
from jettison.oci.progress import SILENT, Progress
from jettison.oci.retry import PASSING, Passing, Retry

#: Bytes of one file; Ubuntu's, the largest of OSV, has 0.8 GB.
LIMIT = 16 << 30
_TIMEOUT = httpx.Timeout(60, connect=15, pool=None)


@dataclass(slots=True)
class Fetcher:
    """Keeps what it fetches in ``directory``, with what the server said of its version (RFC 9110, 8.8)."""

    directory: Path
    progress: Progress = SILENT
    retry: Retry = field(default_factory=Retry)
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            verify=ssl.create_default_context(),
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=5,
            headers={"User-Agent": f"jettison/{jettison.__version__}", "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def fetch(self, name: str, url: str) -> Path:
        """The file at ``url``, whole. Raises ``NotFound``, ``RegistryError``; ``name`` is for people."""
        number = 0
        while True:
            number += 1
            try:
                return self._attempt(name, url)
            except Passing as error:
                failure = error
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise InvalidInput(f"cannot fetch {name}: {url}: {_explained(error)}") from error
            except httpx.HTTPError as error:
                failure = Passing(f"cannot fetch {name}: {url}: {_explained(error)}")
            seconds = self.retry.pause(number, failure.response)
            if seconds is None:
                raise failure
            time.sleep(seconds)

    def _attempt(self, name: str, url: str) -> Path:
        kept = _Kept.of(self.directory, url)
        with self._client.stream("GET", url, headers=kept.conditions()) as response:
            if url.startswith("https:") and response.url.scheme != "https":
                raise RegistryError(f"cannot fetch {name}: {url} leads to {response.url}, which is not encrypted")
            if response.status_code == 304 and kept.whole.exists():
                return kept.whole
            if response.status_code == 416:  # what is there is of another version
                kept.part.unlink(missing_ok=True)
                raise Passing(f"cannot fetch {name}: {url} answers 416", response)
            _raise(name, url, response)
            offset = kept.begin(response)
            self._receive(name, kept.part, offset, response)
        return kept.finish(response)

    def _receive(self, name: str, part: Path, offset: int, response: httpx.Response) -> None:
        length = response.headers.get("content-length", "")
        total = offset + int(length) if length.isdecimal() else None
        key = self.progress.start(name, total)
        try:
            self.progress.advance(key, offset)
            with disk_errors(), open(part, "ab") as file:
                for chunk in response.iter_raw():  # as it comes: what is gathered would be lost with the connection
                    file.write(chunk)
                    self.progress.advance(key, len(chunk))
                    if file.tell() > LIMIT:
                        raise InvalidInput(f"cannot fetch {name}: it has more than {LIMIT} bytes")
        finally:
            self.progress.finish(key)


def _raise(name: str, url: str, response: httpx.Response) -> None:
    status = response.status_code
    if status in PASSING:
        raise Passing(f"cannot fetch {name}: {url} answers {status}", response)
    if status in (403, 404, 410):  # object stores refuse what they do not have
        raise NotFound(f"cannot fetch {name}: there is no {url} ({status})")
    if status not in (200, 206):
        raise RegistryError(f"cannot fetch {name}: {url} answers {status}")


@dataclass(frozen=True, slots=True)
class _Kept:
    """The files of one URL: the whole of last time, the part of this time, and the versions that these are of."""

    whole: Path
    part: Path

    @classmethod
    def of(cls, directory: Path, url: str) -> _Kept:
        key = hashlib.sha256(url.encode()).hexdigest()[:16]
        name = f"{key}-{PurePosixPath(url).name[:80]}"
        return cls(directory / name, directory / f"{name}.part")

    def conditions(self) -> dict[str, str]:
        """Only the rest, if it is still the same version; else only what is new. RFC 9110, 13.1 and 14.2."""
        known = _version(self.part)
        strong = known.get("etag") if not known.get("etag", "").startswith("W/") else None
        validator = strong or known.get("last-modified")
        if validator and self.part.exists() and (size := self.part.stat().st_size):
            return {"Range": f"bytes={size}-", "If-Range": validator}
        if not self.whole.exists():
            return {}
        known = _version(self.whole)
        found = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last-modified")}
        return {key: value for key, value in found.items() if value}

    def begin(self, response: httpx.Response) -> int:
        """How many bytes are there already. A server that ignores ranges sends all of them again."""
        size = self.part.stat().st_size if self.part.exists() else 0
        if response.status_code == 206:
            if response.headers.get("content-range", "").startswith(f"bytes {size}-"):
                return size
            self.part.unlink(missing_ok=True)
            raise Passing("cannot resume: the server sends other bytes than it was asked for", response)
        self.part.unlink(missing_ok=True)
        said = {key: response.headers[key] for key in ("etag", "last-modified") if key in response.headers}
        _said(self.part).write_text(json.dumps(said), encoding="utf-8")
        return 0

    def finish(self, response: httpx.Response) -> Path:
        """The part is whole: it takes the old one's place, with the server's date."""
        os.replace(self.part, self.whole)
        os.replace(_said(self.part), _said(self.whole))
        try:
            date = parsedate_to_datetime(response.headers["last-modified"]).timestamp()
            os.utime(self.whole, (date, date))
        except (KeyError, ValueError, OverflowError):
            pass  # the server says no date, or none that is one: that of the transfer stays
        return self.whole


def _said(path: Path) -> Path:
    return path.with_name(f"{path.name}.version")


def _version(path: Path) -> Mapping[str, str]:
    try:
        found: Any = json.loads(_said(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _explained(error: Exception) -> str:
    """A fault in one line, in words."""
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    text = str(error).partition("\n")[0]
    if text.startswith("[Errno"):
        text = text.partition("] ")[2]
    return text[:1].lower() + text[1:] if text else type(error).__name__
