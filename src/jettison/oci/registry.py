"""One repository of a registry: manifests and blobs, in and out (OCI distribution-spec 1.1, Docker's API 2)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Self

import httpx

from jettison.errors import IntegrityError, RegistryError, Unauthorized
from jettison.oci import mediatypes
from jettison.oci.blobs import Download, Sink, Source, Upload
from jettison.oci.descriptor import Descriptor
from jettison.oci.digest import Digest
from jettison.oci.http import Connection
from jettison.oci.manifest import SIZE_LIMIT
from jettison.oci.progress import SILENT, Progress
from jettison.oci.reference import RegistryReference
from jettison.oci.retry import Retry
from jettison.oci.tokens import scope

#: Tags asked for at once, and how many such pages are read: library/node has some 8,000 tags.
_PAGE, _PAGES = 1000, 100
_ACCEPT = {"Accept": ", ".join([*sorted(mediatypes.MANIFESTS | mediatypes.INDEXES), "*/*;q=0.1"])}


class Repository:
    """A repository, through one pool of connections. A context manager; safe to use from several threads."""

    def __init__(
        self,
        reference: RegistryReference,
        *,
        insecure: bool = False,
        retry: Retry | None = None,
        progress: Progress = SILENT,
        timeout: httpx.Timeout | None = None,
    ) -> None:
        self.reference = reference
        self._path = reference.path
        self._http = Connection(reference, insecure=insecure, retry=retry, timeout=timeout)
        self._progress = progress
        self._pull = frozenset({scope(self._path, "pull")})
        self._push = frozenset({scope(self._path, "pull", "push")})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def stop(self) -> None:
        """Let transfers in other threads fail at their next step, and not try again."""
        self._http.stopping.set()

    def manifest(self, target: str) -> tuple[Descriptor, bytes]:
        """The manifest or index of a tag or a digest. Raises ``IntegrityError``, ``NotFound``, ``Unauthorized``."""
        action = f"pull {self._name(target)}"
        response, data = self._http.send(
            "GET",
            self._manifest_url(target),
            action=action,
            scopes=self._pull,
            headers=_ACCEPT,
            limit=SIZE_LIMIT,
        )
        media_type = _media_type(response)
        if media_type == "text/html":  # a page to log in at, to which some registries redirect
            raise Unauthorized(f"cannot {action}: {self.reference.domain} sends a web page, not a manifest")
        expected = target if ":" in target else response.headers.get("docker-content-digest", "")
        digest = Digest.parse(expected) if expected else Digest.of(data)
        hasher = digest.hasher()
        hasher.update(data)
        if hasher.hexdigest() != digest.hex:
            raise IntegrityError(f"cannot {action}: what the registry sends has not the digest {digest}")
        return Descriptor(media_type, digest, len(data)), data

    def find(self, target: str) -> Descriptor | None:
        """What a tag or a digest stands for; ``None`` where there is no such thing."""
        response, _ = self._http.send(
            "HEAD",
            self._manifest_url(target),
            action=f"look up {self._name(target)}",
            scopes=self._pull,
            headers=_ACCEPT,
            accept=(200, 404),
        )
        if response.status_code == 404:
            return None
        digest = response.headers.get("docker-content-digest")
        if not digest:
            return self.manifest(target)[0]
        return Descriptor(_media_type(response), Digest.parse(digest), int(response.headers.get("content-length", 0)))

    def tags(self) -> tuple[str, ...]:
        """All tags, in the registry's order, from as many pages as it sends. Raises ``NotFound``."""
        action = f"list the tags of {self.reference.repository}"
        url: httpx.URL | None = self._http.url(f"{self._path}/tags/list?n={_PAGE}")
        found: list[str] = []
        for _ in range(_PAGES):
            if url is None:
                return tuple(found)
            response, data = self._http.send("GET", url, action=action, scopes=self._pull, limit=SIZE_LIMIT)
            found += _tags(data, action)
            after = response.links.get("next", {}).get("url")
            url = self._http.join(after) if after else None
        raise RegistryError(f"cannot {action}: more than {_PAGES} pages")

    def put_manifest(self, target: str, media_type: str, data: bytes) -> Descriptor:
        """Write a manifest or an index under a tag or its digest; what it points at must be there already."""
        return self.put_referrer(target, media_type, data)[0]

    def put_referrer(self, target: str, media_type: str, data: bytes) -> tuple[Descriptor, bool]:
        """The same for a manifest with a subject; also whether the registry says that it has seen the subject."""
        action = f"push {self._name(target)}"
        response, _ = self._http.send(
            "PUT",
            self._manifest_url(target),
            action=action,
            scopes=self._push,
            headers={"Content-Type": media_type},
            content=data,
            accept=(200, 201, 202),
        )
        descriptor = Descriptor.of(media_type, data)
        theirs = response.headers.get("docker-content-digest", "")
        if theirs.startswith("sha256:") and theirs != str(descriptor.digest):
            raise IntegrityError(f"cannot {action}: the registry has stored it as {theirs}, not {descriptor.digest}")
        return descriptor, bool(response.headers.get("oci-subject"))

    def referrers(self, digest: Digest) -> bytes | None:
        """The index of what has ``digest`` as its subject, all pages in one; ``None`` where it keeps no such lists."""
        action = f"list what is attached to {digest.short} in {self.reference.repository}"
        url: httpx.URL | None = self._http.url(f"{self._path}/referrers/{digest}")
        found: list[object] = []
        for _ in range(_PAGES):
            if url is None:
                return json.dumps({"manifests": found}).encode()
            response, data = self._http.send(
                "GET", url, action=action, scopes=self._pull, limit=SIZE_LIMIT, accept=(200, 404)
            )
            if response.status_code == 404 or _media_type(response) != mediatypes.OCI_INDEX:
                return None
            found += _manifests(data, action)
            after = response.links.get("next", {}).get("url")
            url = self._http.join(after) if after else None
        raise RegistryError(f"cannot {action}: more than {_PAGES} pages")

    def has_blob(self, digest: Digest) -> bool:
        """Whether the blob is in this repository."""
        url = self._http.url(f"{self._path}/blobs/{digest}")
        action = f"look up {digest.short} in {self.reference.repository}"
        response, _ = self._http.send("HEAD", url, action=action, scopes=self._push, accept=(200, 404))
        return response.status_code == 200

    def download(self, descriptor: Descriptor, sink: Sink, key: int = 0) -> None:
        """Stream a blob into ``sink`` from its offset on; progress is told under ``key``.

        Raises ``IntegrityError`` where the size is not the one announced; the digest is the sink's to verify.
        """
        url = self._http.url(f"{self._path}/blobs/{descriptor.digest}")
        Download(self._http, url, self._pull, descriptor, sink, partial(self._progress.advance, key)).run()

    def upload(self, descriptor: Descriptor, source: Source, key: int = 0, others: Sequence[str] = ()) -> bool:
        """Send a blob, unless it is there or can be mounted from one of ``others``, repositories of this registry.

        Gives whether its bytes were sent.
        """
        if self.has_blob(descriptor.digest):
            return False
        location = None
        for other in others:
            if (location := self._mount(descriptor.digest, other)) is None:
                return False
        told = partial(self._progress.advance, key)
        Upload(self._http, self._begin, self._push, descriptor, source, told).run(location)
        return True

    def mount(self, digest: Digest, other: str) -> bool:
        """Make a blob of ``other``, a repository of this registry, one of this repository; whether that worked."""
        return self.has_blob(digest) or self._mount(digest, other) is None

    def _mount(self, digest: Digest, other: str) -> httpx.URL | None:
        """``None`` where it worked; otherwise the registry has started an upload, and this is its location."""
        query = f"?mount={digest}&from={other}"
        response = self._post(query, self._push | {scope(other, "pull")})
        return None if response.status_code == 201 else self._location(response)

    def _begin(self) -> httpx.URL:
        return self._location(self._post("", self._push))

    def _post(self, query: str, scopes: frozenset[str]) -> httpx.Response:
        url = self._http.url(f"{self._path}/blobs/uploads/{query}")
        action = f"push to {self.reference.repository}"
        return self._http.send("POST", url, action=action, scopes=scopes, accept=(201, 202))[0]

    def _location(self, response: httpx.Response) -> httpx.URL:
        location = response.headers.get("location")
        if not location:
            raise RegistryError(f"cannot push to {self.reference.repository}: the registry does not say where to")
        return self._http.join(location)

    def _manifest_url(self, target: str) -> httpx.URL:
        return self._http.url(f"{self._path}/manifests/{target}")

    def _name(self, target: str) -> str:
        return f"{self.reference.repository}{'@' if ':' in target else ':'}{target}"


def _tags(data: bytes, action: str) -> list[str]:
    try:
        found = json.loads(data)["tags"] or []
        if all(isinstance(tag, str) for tag in found):
            return list(found)
    except (ValueError, KeyError, TypeError):
        pass  # said below
    raise RegistryError(f"cannot {action}: what the registry sends is not a list of tags")


def _manifests(data: bytes, action: str) -> list[object]:
    try:
        found = json.loads(data)["manifests"] or []
        if isinstance(found, list):
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass  # said below
    raise RegistryError(f"cannot {action}: what the registry sends is not an index")


def _media_type(response: httpx.Response) -> str:
    text: str = response.headers.get("content-type", "")
    return text.partition(";")[0].strip()
