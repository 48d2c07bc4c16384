"""Who the user is at a registry: Docker's and Podman's credential files, and credential helpers.

Looked through in this order, as containers/image does: ``$REGISTRY_AUTH_FILE``,
``$XDG_RUNTIME_DIR/containers/auth.json``, ``$XDG_CONFIG_HOME/containers/auth.json``, ``$DOCKER_CONFIG/config.json``
(``~/.docker/config.json``). The format is that of Docker's command line, the helper protocol that of
docker/docker-credential-helpers.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jettison.errors import InvalidConfiguration
from jettison.oci.reference import DOCKER_HUB

#: The name under which Docker Hub's credentials are kept, for historical reasons.
_HUB_KEY = "https://index.docker.io/v1/"
#: Seconds that a credential helper may take; some ask the user to unlock a key ring.
_HELPER_TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and a password, or an identity token; all empty for an anonymous user.

    ``note`` says why better ones could not be had, to be shown if the registry refuses these.
    """

    username: str = ""
    password: str = ""
    identity_token: str = ""
    note: str = ""

    @property
    def anonymous(self) -> bool:
        """Whether there is nothing to show to the registry."""
        return not (self.username or self.identity_token)

    @property
    def basic(self) -> str:
        """The value of an ``Authorization`` header (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    def __repr__(self) -> str:
        return f"Credentials({self.username!r})"  # never the secret, whoever prints this


def credentials(domain: str, path: str = "") -> Credentials:
    """The user's credentials for a repository; anonymous ones where nothing is configured.

    Raises ``InvalidConfiguration`` for a file that cannot be read.
    """
    note = ""
    for file in _files():
        found = _from_file(file, domain, path)
        if not found.anonymous:
            return found
        note = note or found.note
    return Credentials(note=note)


def _files() -> Iterator[Path]:
    environment = os.environ
    if "REGISTRY_AUTH_FILE" in environment:
        yield Path(environment["REGISTRY_AUTH_FILE"])
    if "XDG_RUNTIME_DIR" in environment:
        yield Path(environment["XDG_RUNTIME_DIR"]) / "containers/auth.json"
    yield Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "containers/auth.json"
    yield Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"


def _from_file(file: Path, domain: str, path: str) -> Credentials:
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Credentials()
    except OSError as error:
        raise InvalidConfiguration(f"cannot read {file}: {(error.strerror or str(error)).lower()}") from error
    try:
        value = json.loads(data)
        return _look_up(value, domain, path) if value else Credentials()
    except (ValueError, TypeError, AttributeError, KeyError, binascii.Error) as error:
        raise InvalidConfiguration(f"cannot read {file}: {error}") from error


def _look_up(value: Mapping[str, Any], domain: str, path: str) -> Credentials:
    """A registry's own helper, then the helper for all, then what is written in the file itself."""
    note = ""
    helpers = value.get("credHelpers") or {}
    store = value.get("credsStore") or ""
    for helper in dict.fromkeys((helpers.get(domain, ""), store)):
        if helper:
            found = _ask_helper(helper, _HUB_KEY if domain == DOCKER_HUB else domain)
            if not found.anonymous:
                return found
            note = note or found.note
    return _from_auths(value.get("auths") or {}, domain, path) or Credentials(note=note)


def _from_auths(auths: Mapping[str, Any], domain: str, path: str) -> Credentials | None:
    """The entry of the longest matching key: ``domain/path``, its parents, ``domain``, however it is written."""
    entries = {_plain(key): entry for key, entry in auths.items()}
    parts = path.split("/") if path else []
    for length in range(len(parts), -1, -1):
        entry = entries.get("/".join([domain, *parts[:length]]))
        if entry and (found := _entry(entry)):
            return found
    return None


def _plain(key: str) -> str:
    """``https://index.docker.io/v1/`` → ``docker.io``, ``https://quay.io`` → ``quay.io``."""
    bare = key.partition("://")[2] or key
    for suffix in ("/v1/", "/v2/", "/v1", "/v2", "/"):
        bare = bare.removesuffix(suffix)
    return DOCKER_HUB if bare in ("index.docker.io", "registry-1.docker.io") else bare


def _entry(entry: Mapping[str, Any]) -> Credentials | None:
    username, password = str(entry.get("username") or ""), str(entry.get("password") or "")
    if entry.get("auth"):
        username, _, password = base64.b64decode(entry["auth"], validate=True).decode().partition(":")
        password = password.rstrip("\0")
    found = Credentials(username, password, str(entry.get("identitytoken") or ""))
    return None if found.anonymous else found


def _ask_helper(name: str, server: str) -> Credentials:
    """Run ``docker-credential-NAME get``. What goes wrong becomes a note: a public image needs no credentials."""
    program = f"docker-credential-{name}"
    if os.sep in name:
        return Credentials(note=f"{program!r} is not the name of a credential helper")
    try:
        done = subprocess.run(
            [program, "get"], input=server.encode(), capture_output=True, timeout=_HELPER_TIMEOUT, check=False
        )
    except FileNotFoundError:
        return Credentials(note=f"{program} is not installed")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Credentials(note=f"{program}: {error}")
    if done.returncode:
        said = (done.stdout or done.stderr).decode(errors="replace").strip().partition("\n")[0]
        return Credentials() if "not found" in said.lower() else Credentials(note=f"{program}: {said[:200]}")
    try:
        answer = json.loads(done.stdout)
        username, secret = str(answer["Username"]), str(answer["Secret"])
    except (ValueError, KeyError, TypeError):
        return Credentials(note=f"{program} gave no user name and secret")
    return Credentials(identity_token=secret) if username == "<token>" else Credentials(username, secret)
