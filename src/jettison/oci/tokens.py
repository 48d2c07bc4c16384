"""Showing who the user is: challenges and bearer tokens (distribution-spec; Docker's token authentication)."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

import httpx

from jettison.errors import RegistryError, Unauthorized
from jettison.oci.auth import Credentials
from jettison.oci.retry import PASSING, Passing

#: Seconds that a token lives where its server does not say (Docker's token specification).
_DEFAULT_LIFE = 60
#: A token this close to its end is not used any more.
_MARGIN = 5
_CLIENT = "jettison"
#: Bytes that an answer with a token may have.
_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a registry asks for in ``WWW-Authenticate``: ``scheme`` is ``basic`` or ``bearer``, in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


_PARAMETER = re.compile(r'\s*(?P<key>[\w-]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s,]*))\s*(?:,|$)')


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """Read ``WWW-Authenticate`` headers (RFC 9110, 11.6.1), each of which may hold several challenges."""
    found: list[Challenge] = []
    for header in headers:
        rest = header
        while match := re.match(r"\s*,*\s*([A-Za-z][\w-]*)(?:\s+|\s*$|\s*,)", rest):
            rest = rest[match.end() :]
            parameters = {}
            while pair := _PARAMETER.match(rest):
                value = pair["bare"] if pair["quoted"] is None else re.sub(r"\\(.)", r"\1", pair["quoted"])
                parameters[pair["key"].lower()] = value
                rest = rest[pair.end() :]
            found.append(Challenge(match[1].lower(), parameters))
    return found


def scope(path: str, *actions: str) -> str:
    """``repository:library/node:pull``."""
    return f"repository:{path}:{','.join(actions)}"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: float


class Tokens:
    """Gives the ``Authorization`` header for some scopes; asks the token server once for each set of them."""

    def __init__(self, domain: str, credentials: Credentials, client: httpx.Client) -> None:
        self._domain = domain
        self._credentials = credentials
        self._client = client
        self._lock = threading.Lock()
        self._challenge: Challenge | None = None
        self._tokens: dict[frozenset[str], _Token] = {}

    def header(self, scopes: frozenset[str], *, fresh: bool = False) -> str | None:
        """The header to send, ``None`` while the registry has not asked for any.

        ``fresh`` gets a new token even where the old one should still be good.
        """
        with self._lock:
            if self._challenge is None:
                return None
            if self._challenge.scheme == "basic":
                return self._credentials.basic
            known = self._tokens.get(scopes)
            if fresh or known is None or known.until < time.monotonic():
                known = self._tokens[scopes] = self._request(self._challenge, scopes)
            return f"Bearer {known.text}"

    def challenged(self, response: httpx.Response) -> bool:
        """Learn from a 401 what the registry wants; ``False`` where we have nothing that it takes."""
        asked = {c.scheme: c for c in challenges(response.headers.get_list("www-authenticate"))}
        usable = asked.get("bearer") or (None if self._credentials.anonymous else asked.get("basic"))
        if usable is not None:
            with self._lock:
                self._challenge = usable
        return usable is not None

    def refusal(self) -> str:
        """Why a 401 may have come, for people."""
        who = self._credentials
        if who.anonymous:
            return f"it wants credentials, and there are none{f' ({who.note})' if who.note else ''}"
        return f"it refused the credentials of {who.username or 'the identity token'}"

    def _request(self, challenge: Challenge, scopes: frozenset[str]) -> _Token:
        realm = challenge.parameters.get("realm", "")
        if not realm.startswith(("https://", "http://")):
            raise RegistryError(f"cannot log in to {self._domain}: it names no token server, but {realm[:200]!r}")
        try:
            request = self._ask(realm, challenge.parameters.get("service", ""), sorted(scopes))
            response = self._client.send(request, stream=True)
            with closing(response):
                return self._read(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RegistryError(f"cannot log in to {self._domain}: {realm} does not answer: {error}") from error

    def _ask(self, realm: str, service: str, scopes: list[str]) -> httpx.Request:
        who = self._credentials
        if who.identity_token:
            form = {"grant_type": "refresh_token", "service": service, "client_id": _CLIENT}
            form |= {"refresh_token": who.identity_token, "scope": " ".join(scopes)}
            return self._client.build_request("POST", realm, data=form)
        query = {"scope": scopes} | ({"service": service} if service else {})
        headers = {} if who.anonymous else {"Authorization": who.basic}
        url = httpx.URL(realm).copy_merge_params(httpx.QueryParams(query))
        return self._client.build_request("GET", url, headers=headers)

    def _read(self, response: httpx.Response) -> _Token:
        status = response.status_code
        if status in (400, 401, 403):
            raise Unauthorized(f"cannot log in to {self._domain}: {self.refusal()}")
        error = f"cannot log in to {self._domain}: its token server gave no token ({status})"
        if status in PASSING:
            raise Passing(error, response)
        try:
            value = json.loads(next(response.iter_bytes(_LIMIT), b""))
            text = str(value.get("token") or value["access_token"])
            life = float(value.get("expires_in") or _DEFAULT_LIFE)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise RegistryError(error) from problem
        return _Token(text, time.monotonic() + max(life, _DEFAULT_LIFE) - _MARGIN)
