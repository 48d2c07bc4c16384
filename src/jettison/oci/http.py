"""One registry over HTTP: which scheme it speaks, authorization, retries, and errors as one line.

Requests that can be repeated are, with exponential back-off and jitter, on connection faults and on the statuses
that announce a passing one; ``Retry-After`` is honoured. Plain HTTP is spoken to this machine, or when asked.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

import jettison
from jettison.errors import InvalidInput, NotFound, RegistryError, Unauthorized
from jettison.oci.auth import Credentials, credentials
from jettison.oci.reference import DOCKER_HUB, RegistryReference
from jettison.oci.retry import PASSING, Passing, Retry
from jettison.oci.tokens import Tokens

#: Where the registry of a domain is, if not at the domain itself.
_HOSTS = {DOCKER_HUB: "registry-1.docker.io"}
_TIMEOUT = httpx.Timeout(60, connect=15, pool=None)
_CERTIFICATES = (Path("/etc/docker/certs.d"), Path("/etc/containers/certs.d"))


def is_local(domain: str) -> bool:
    """Whether a registry is on this machine; it may then speak plain HTTP, as for Docker."""
    host = httpx.URL(f"//{domain}").host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class Connection:
    """Requests to the registry of one repository. Safe to use from several threads."""

    def __init__(
        self,
        reference: RegistryReference,
        *,
        insecure: bool = False,
        retry: Retry | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> None:
        """``insecure``: certificates are not verified, and plain HTTP is spoken where HTTPS is not."""
        self.domain = reference.domain
        self.retry = retry or Retry()
        self.stopping = threading.Event()
        self._host = _HOSTS.get(self.domain, self.domain)
        self._insecure = insecure or is_local(self.domain)
        self._lock = threading.Lock()
        self._base: httpx.URL | None = None
        self._client = httpx.Client(
            verify=_tls(self._host, self._insecure),
            trust_env=not is_local(self.domain),
            timeout=timeout or _TIMEOUT,
            follow_redirects=True,
            max_redirects=10,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
            headers={"User-Agent": f"jettison/{jettison.__version__}"},
            event_hooks={"request": [self._refuse_plain]},
        )
        self._who: Credentials = credentials(reference.domain, reference.path)
        self._tokens = Tokens(self.domain, self._who, self._client)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def url(self, path: str) -> httpx.URL:
        """The address of ``/v2/PATH``, found out on first use: HTTPS, or HTTP where that is allowed."""
        with self._lock:
            if self._base is None:
                self._base = self._find()
            return self._base.join(path)

    def join(self, location: str) -> httpx.URL:
        """A ``Location`` header: relative to the registry, or absolute.

        One on the same host in plain HTTP comes from a proxy that hides its HTTPS from the registry.
        """
        base = self.url("")
        found = base.join(location)
        if found.host == base.host and found.scheme != base.scheme:
            return found.copy_with(scheme=base.scheme, port=base.port)
        return found

    def send(
        self,
        method: str,
        url: httpx.URL,
        *,
        action: str,
        scopes: frozenset[str] = frozenset(),
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        accept: tuple[int, ...] = (200,),
        limit: int = 1 << 20,
    ) -> tuple[httpx.Response, bytes]:
        """Send a request that may be repeated; gives the response and its body, which has at most ``limit`` bytes.

        Raises ``RegistryError`` and its kin, ``cannot ACTION: …``, for a status that is not in ``accept``.
        """

        def attempt() -> tuple[httpx.Response, bytes]:
            response = self.send_once(method, url, scopes=scopes, headers=headers, content=content)
            with contextlib.closing(response):
                if response.status_code not in accept:
                    raise self.failure(action, response)
                return response, _body(response, limit, action)

        for number in range(1, self.retry.attempts + 1):
            try:
                return attempt()
            except Passing as error:
                self.pause(number, error)
            except httpx.HTTPError as error:
                self.pause(number, Passing(f"cannot {action}: {self.domain}: {explain(error)}"))
        raise AssertionError("the last pause raises")

    def go_on(self, action: str) -> None:
        """Raise where all work is to stop, because another part of it failed."""
        if self.stopping.is_set():
            raise RegistryError(f"cannot {action}: stopped")

    def pause(self, number: int, error: Passing) -> None:
        """Wait after failed attempt ``number``; raise ``error`` where there is to be no other one."""
        seconds = self.retry.pause(number, error.response)
        if seconds is None or self.stopping.wait(seconds):
            raise error

    def send_once(
        self,
        method: str,
        url: httpx.URL,
        *,
        scopes: frozenset[str],
        headers: Mapping[str, str] | None = None,
        content: bytes | Iterator[bytes] | None = None,
    ) -> httpx.Response:
        """Send once, and again after a 401 that we can answer; not so with an iterator, which is used up by then.

        The caller reads and closes the response.

        Raises ``httpx.HTTPError`` for connection faults.
        """
        for fresh in (False, True):
            header = self._tokens.header(scopes, fresh=fresh) if self._ours(url) else None
            request = self._client.build_request(method, url, headers=headers, content=content)
            if header:
                request.headers["Authorization"] = header
            body_can_repeat = content is None or isinstance(content, bytes)
            response = self._client.send(request, stream=True, follow_redirects=body_can_repeat)
            if response.status_code != 401 or fresh or not self._tokens.challenged(response) or not body_can_repeat:
                return response
            response.close()
        raise AssertionError("the second response is returned")

    def failure(self, action: str, response: httpx.Response) -> RegistryError | NotFound:
        """The error that a response stands for."""
        status, said = response.status_code, _message(response)
        if status == 401:
            return Unauthorized(f"cannot {action}: {self.domain}: {self._tokens.refusal()}, or there is no such image")
        if status == 403:
            return Unauthorized(f"cannot {action}: {self.domain} denies it{f': {said}' if said else ''}")
        if status == 404:
            return NotFound(f"cannot {action}: not found at {self.domain}{f' ({said})' if said else ''}")
        error = f"cannot {action}: {self.domain} answered {status}{f': {said}' if said else ''}"
        return Passing(error, response) if status in PASSING else RegistryError(error)

    def _ours(self, url: httpx.URL) -> bool:
        base = self.url("")
        return (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)

    def _refuse_plain(self, request: httpx.Request) -> None:
        if request.url.scheme != "https" and not self._insecure:
            raise RegistryError(f"cannot use {request.url.host}: plain HTTP, which needs --insecure")

    def _find(self) -> httpx.URL:
        reason = ""
        for scheme in ("https", "http") if self._insecure else ("https",):
            base = httpx.URL(f"{scheme}://{self._host}/v2/")
            try:
                with self._client.stream("GET", base) as response:  # its body is of no interest, whatever its size
                    if response.status_code == 401:
                        self._tokens.challenged(response)
                    return base
            except httpx.HTTPError as error:
                reason = reason or explain(error)
                if isinstance(error, httpx.ConnectError) and "refused" in str(error):
                    break  # nobody listens, whatever we speak
        raise RegistryError(f"cannot reach {self.domain}: {reason}")


def explain(error: Exception) -> str:
    """A connection fault in one line, in words."""
    text = str(error).partition("\n")[0]
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.rpartition("verify failed: ")[2].partition(" (_ssl")[0]
        return f"its certificate is not trusted ({reason}); --insecure takes it all the same"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    if text.startswith("[Errno"):
        text = text.partition("] ")[2]
    return text[:1].lower() + text[1:] if text else type(error).__name__


def _body(response: httpx.Response, limit: int, action: str) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > limit:
            raise InvalidInput(f"cannot {action}: the registry answers with more than {limit} bytes")
    return bytes(data)


def _message(response: httpx.Response) -> str:
    """The registry's own words, from the errors of the distribution-spec or the first line of its answer."""
    with contextlib.suppress(httpx.HTTPError):
        body = next(response.iter_bytes(16 << 10), b"")
        try:
            errors = json.loads(body)["errors"]
            text = "; ".join(str(e.get("message") or e.get("code")) for e in errors)
        except (ValueError, KeyError, TypeError, AttributeError):
            text = body.decode(errors="replace").strip()
            text = "" if text.startswith("<") else text.partition("\n")[0]
        return " ".join(text.split())[:300]
    return ""


def _tls(host: str, insecure: bool) -> ssl.SSLContext:
    """What this machine trusts, and what Docker's and Podman's certs.d add for the host."""
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    for directory in _CERTIFICATES:
        for authority in sorted((directory / host).glob("*.crt")):
            context.load_verify_locations(authority)
        for certificate in sorted((directory / host).glob("*.cert")):
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context
