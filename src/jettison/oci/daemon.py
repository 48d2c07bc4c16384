"""The Docker daemon's images, in and out, through the Docker Engine API (version 1.24 and later).

The daemon is where ``DOCKER_HOST`` says, ``unix:///var/run/docker.sock`` without it; Podman's socket answers the same
requests. Archives stream: nothing is held in memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx

from jettison.errors import InvalidConfiguration, NotFound, RegistryError, Unsupported
from jettison.oci.http import explain
from jettison.oci.reference import DockerDaemonReference

_DEFAULT_HOST = "unix:///var/run/docker.sock"
#: Seconds without a byte: the daemon first exports a whole image to its disk, and loads one, before it says anything.
_TIMEOUT = httpx.Timeout(600, connect=10)


@contextlib.contextmanager
def export(reference: DockerDaemonReference) -> Iterator[Iterator[bytes]]:
    """The image as ``docker save`` would write it, in pieces. Raises ``NotFound``, ``RegistryError``."""
    name = _name(reference)
    with _errors(f"read {reference}"), _client() as client, client.stream("GET", f"/images/{name}/get") as response:
        if response.status_code != 200:
            said = _said(response)
            if response.status_code == 404 or "no such image" in said.lower() or "does not exist" in said:
                raise NotFound(f"cannot read {reference}: the Docker daemon has no such image")
            raise RegistryError(f"cannot read {reference}: the Docker daemon says: {said}")
        yield response.iter_raw()


def load(archive: Iterable[bytes], reference: DockerDaemonReference) -> None:
    """Give an archive of the form of ``docker save`` to the daemon, as ``docker load`` does."""
    with _errors(f"write {reference}"), _client() as client:
        response = client.post(
            "/images/load",
            params={"quiet": "1"},
            content=iter(archive),
            headers={"Content-Type": "application/x-tar"},
        )
        said = _said(response)
        if response.status_code != 200 or '"errorDetail"' in response.text:
            raise RegistryError(f"cannot write {reference}: the Docker daemon says: {said}")


def _name(reference: DockerDaemonReference) -> str:
    return str(reference).removeprefix("docker-daemon:")


def _client() -> httpx.Client:
    host = os.environ.get("DOCKER_HOST") or _DEFAULT_HOST
    scheme, _, rest = host.partition("://")
    if scheme == "unix":
        _knock(rest)
        transport = httpx.HTTPTransport(uds=rest)
        return httpx.Client(transport=transport, base_url="http://docker", timeout=_TIMEOUT, trust_env=False)
    if scheme in ("tcp", "http", "https"):
        context = _tls() if os.environ.get("DOCKER_TLS_VERIFY") or scheme == "https" else None
        base = f"{'https' if context else 'http'}://{rest}"
        return httpx.Client(base_url=base, verify=context or False, timeout=_TIMEOUT, trust_env=False)
    if scheme == "ssh":
        raise Unsupported("cannot use DOCKER_HOST=ssh://…: forward its socket with ssh -L and name that instead")
    raise InvalidConfiguration(f"cannot use DOCKER_HOST={host[:200]!r}: expected unix://PATH or tcp://HOST:PORT")


def _knock(path: str) -> None:
    """Raise ``httpx.ConnectError`` if nobody listens; httpcore would leave its socket open then."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError as error:
            raise httpx.ConnectError((error.strerror or str(error)).lower()) from error


def _tls() -> ssl.SSLContext:
    """Certificates as the Docker command line looks for them."""
    directory = Path(os.environ.get("DOCKER_CERT_PATH") or Path.home() / ".docker")
    try:
        context = ssl.create_default_context(cafile=directory / "ca.pem")
        context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    except OSError as error:
        raise InvalidConfiguration(f"cannot use the certificates in {directory}: {error}") from error
    return context


@contextlib.contextmanager
def _errors(action: str) -> Iterator[None]:
    try:
        yield
    except httpx.ConnectError as error:
        host = os.environ.get("DOCKER_HOST") or _DEFAULT_HOST
        raise RegistryError(f"cannot {action}: no Docker daemon answers at {host} ({explain(error)})") from error
    except httpx.HTTPError as error:
        raise RegistryError(f"cannot {action}: the Docker daemon: {explain(error)}") from error


def _said(response: httpx.Response) -> str:
    """The daemon's message, if its answer is one: JSON with ``message``, or lines of it with ``error``."""
    response.read()
    text = response.text.strip()
    with contextlib.suppress(ValueError, AttributeError, IndexError):
        value = json.loads(text.splitlines()[-1])
        text = str(value.get("message") or value.get("error") or "")
    return " ".join(text.split())[:300]
