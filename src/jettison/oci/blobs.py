"""Blobs over HTTP, in and out, in constant memory, going on after a fault where it stopped.

An upload is one request for the whole blob: chunks would have to be in order, and some registries take them many
times slower (``OCI-Chunk-Min-Length`` thus never matters). Both loops end: every further attempt is counted, and only
a transfer that got further than ever before has all its attempts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Protocol

import httpx

from jettison.errors import IntegrityError, NotFound, RegistryError
from jettison.oci.descriptor import Descriptor
from jettison.oci.http import Connection, explain
from jettison.oci.retry import Passing

#: Bytes that count as having got further.
_HEADWAY = 1 << 20

#: Gives a blob's bytes from an offset on.
Source = Callable[[int], Iterator[bytes]]
#: Is told how many bytes more went through; negative where some must go again.
Told = Callable[[int], None]


class Sink(Protocol):
    """Takes a blob's bytes in order; ``offset`` of them are there already."""

    @property
    def offset(self) -> int:
        """Bytes taken so far."""
        ...

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


class Download:
    """A blob on its way into a sink. The digest is the sink's to verify, the size is verified here."""

    def __init__(
        self, http: Connection, url: httpx.URL, scopes: frozenset[str], descriptor: Descriptor, sink: Sink, told: Told
    ) -> None:
        self._http = http
        self._url = url
        self._scopes = scopes
        self._size = descriptor.size
        self._sink = sink
        self._told = told
        self._action = f"pull {descriptor.digest.short}"

    def run(self) -> None:
        """Stream until all bytes are there."""
        number = 0
        while (before := self._sink.offset) < self._size:
            try:
                self._attempt()
            except Passing as error:
                number = 1 if self._sink.offset - before >= _HEADWAY else number + 1
                self._http.pause(number, error)

    def _attempt(self) -> None:
        headers = {"Accept-Encoding": "identity"}
        if self._sink.offset:
            headers["Range"] = f"bytes={self._sink.offset}-"
        try:
            response = self._http.send_once("GET", self._url, scopes=self._scopes, headers=headers)
            with closing(response):
                if response.status_code not in (200, 206):
                    raise self._http.failure(self._action, response)
                self._take(response)
        except httpx.HTTPError as error:
            raise Passing(f"cannot {self._action}: {self._http.domain}: {explain(error)}") from error
        if self._sink.offset < self._size:
            have = f"the registry has {self._sink.offset} bytes, not {self._size}"
            raise IntegrityError(f"cannot {self._action}: {have}")

    def _take(self, response: httpx.Response) -> None:
        skip = self._sink.offset if response.status_code == 200 else 0  # Range is a SHOULD: it may be ignored
        for chunk in response.iter_raw():
            self._http.go_on(self._action)
            wanted = chunk[skip:] if skip else chunk
            skip -= len(chunk) - len(wanted)
            if self._sink.offset + len(wanted) > self._size:
                raise IntegrityError(f"cannot {self._action}: the registry sends more than {self._size} bytes")
            self._sink.write(wanted)
            self._told(len(wanted))


class Upload:
    """A blob on its way to a registry. ``begin`` starts an upload there and gives its location."""

    def __init__(
        self,
        http: Connection,
        begin: Callable[[], httpx.URL],
        scopes: frozenset[str],
        descriptor: Descriptor,
        source: Source,
        told: Told,
    ) -> None:
        self._http = http
        self._begin = begin
        self._scopes = scopes
        self._descriptor = descriptor
        self._source = source
        self._told = told
        self._action = f"push {descriptor.digest.short} to {http.domain}"
        self._location: httpx.URL | None = None
        self._offset = 0
        self._refused = False

    def run(self, location: httpx.URL | None = None) -> None:
        """Stream until the registry has all bytes; ``location`` is that of an upload that was started already."""
        self._location = location
        number = furthest = 0
        while True:
            try:
                self._location = self._location or self._begin()
                return self._put(self._location)
            except Passing as error:
                number += 1
                self._http.pause(number, error)
            acknowledged = self._resume()
            self._told(acknowledged - self._offset)
            self._offset = acknowledged
            if acknowledged >= furthest + _HEADWAY:
                number, furthest = 0, acknowledged

    def _put(self, location: httpx.URL) -> None:
        size, start = self._descriptor.size, self._offset
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size - start)}
        if start:
            headers["Content-Range"] = f"{start}-{size - 1}"
        text = str(location)
        url = httpx.URL(f"{text}{'&' if '?' in text else '?'}digest={self._descriptor.digest}")
        try:
            response = self._http.send_once("PUT", url, scopes=self._scopes, headers=headers, content=self._chunks())
            with closing(response):
                if response.status_code not in (200, 201, 204):
                    raise self._failure(response)
        except httpx.HTTPError as error:
            raise Passing(f"cannot {self._action}: {self._http.domain}: {explain(error)}") from error

    def _chunks(self) -> Iterator[bytes]:
        for chunk in self._source(self._offset):
            self._http.go_on(self._action)
            yield chunk
            self._offset += len(chunk)
            self._told(len(chunk))

    def _failure(self, response: httpx.Response) -> RegistryError | NotFound:
        """Passing are also an upload that the registry forgot, a wrong offset, and, once, a token that ran out."""
        error = self._http.failure(self._action, response)
        ran_out, self._refused = response.status_code == 401 and not self._refused, response.status_code == 401
        if ran_out or response.status_code in (404, 416):
            return Passing(str(error), response)
        return error

    def _resume(self) -> int:
        """Ask the registry how many bytes it has. Where it cannot say, a new upload starts from nothing."""
        try:
            assert self._location is not None
            response, _ = self._http.send(
                "GET", self._location, action=self._action, scopes=self._scopes, accept=(200, 202, 204)
            )
            last = int(response.headers["range"].rpartition("-")[2])
            self._location = self._http.join(response.headers["location"])
        except (AssertionError, RegistryError, NotFound, KeyError, ValueError):
            last = 0
        if last == 0:  # "0-0" is what registries say of none and of one byte
            self._location = None
            return 0
        return last + 1
