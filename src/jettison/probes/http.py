"""HTTP and HTTPS: one request, and the facts of its answer that a client could depend on.

The standard library's client is used because it adds nothing of its own (no redirects, no cookies, no proxy of this
machine) and starts in a hundredth of a second. Certificates are accepted as they are: the name on them is that of
the place where the image will run, not of the loopback interface.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote

from jettison.configuration import Request
from jettison.probes.model import Answer, Service, Target

#: Headers that a client acts on. ``Set-Cookie`` is compared by names only, ``Date`` and ``ETag`` not at all.
HEADERS = (
    "content-type", "content-language", "content-encoding", "content-disposition", "location", "cache-control",
    "vary", "allow", "www-authenticate", "access-control-allow-origin", "access-control-allow-methods",
    "strict-transport-security", "content-security-policy", "x-frame-options", "x-powered-by", "server",
)  # fmt: skip
#: Larger bodies are compared by digest.
TEXT_LIMIT = 256 << 10
#: What is read of a body at most, so that an endless one ends.
BODY_LIMIT = 64 << 20
_SENT = {
    "User-Agent": "jettison",
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and body of an answer."""

    status: int
    headers: Message
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case."""
        return str(self.headers.get("content-type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text, in the character set that it says it has, or UTF-8."""
        charset = self.headers.get_content_charset("utf-8")
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


def fetch(service: Service, request: Request, timeout: float) -> Response:
    """Ask once. Raises ``OSError`` or ``http.client.HTTPException`` where no whole answer comes in ``timeout`` s."""
    connection = _connect(service, timeout)
    try:
        headers = _SENT | {"Host": f"localhost:{service.port}"} | dict(request.headers)
        body = request.body.encode() if request.body else None
        connection.request(request.method, escaped(request.path), body, headers)
        return _read(connection.getresponse(), time.monotonic() + timeout)
    finally:
        connection.close()


def escaped(path: str) -> str:
    """A path and query as a request line may hold them; what is escaped already stays as it is."""
    return quote(path, safe="/?&=%:;,@!$'()*+~#[]")


def _connect(service: Service, timeout: float) -> http.client.HTTPConnection:
    if service.protocol != "https":
        return http.client.HTTPConnection(service.host, service.port, timeout=timeout)
    return http.client.HTTPSConnection(service.host, service.port, timeout=timeout, context=any_certificate())


def any_certificate() -> ssl.SSLContext:
    """A TLS context that accepts self-signed certificates and any name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _read(response: http.client.HTTPResponse, deadline: float) -> Response:
    """The whole body; nothing of one that never ends (server-sent events)."""
    body = bytearray()
    endless = response.headers.get_content_type() in ("text/event-stream", "multipart/x-mixed-replace")
    while not endless and len(body) < BODY_LIMIT and (chunk := response.read1(1 << 16)):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    return Response(response.status, response.headers, bytes(body))


def facts(response: Response) -> Mapping[str, str]:
    """What of an answer is compared."""
    found = {"status": str(response.status)}
    for name in HEADERS:
        values = response.headers.get_all(name)
        if values:
            found[f"header {name}"] = ", ".join(str(value) for value in values)
    cookies = sorted(str(value).partition("=")[0].strip() for value in response.headers.get_all("set-cookie") or ())
    if cookies:
        found["cookies"] = " ".join(cookies)
    found["body"] = _shown(response)
    return found


def _shown(response: Response) -> str:
    """A text body as it is; a binary or a large one by size and digest."""
    if len(response.body) <= TEXT_LIMIT and b"\0" not in response.body:
        return response.text
    return f"{len(response.body)} bytes, sha256:{hashlib.sha256(response.body).hexdigest()}"


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """One request that was asked for."""

    request: Request

    @property
    def name(self) -> str:
        return self.request.name

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Working means the expected status, or any below 500 where none was given."""
        service = target.service(self.request.port)
        if service is None:
            where = f"port {self.request.port}" if self.request.port else "any port that speaks HTTP"
            return (Answer(self.name, False, error=f"nothing answers on {where}"),)
        if service.protocol == "tcp":
            service = Service(service.port, "http", service.host)
        return (answer(service, self.request, target.timeout)[0],)


def answer(service: Service, request: Request, timeout: float) -> tuple[Answer, Response | None]:
    """Ask and judge; the response as well, for those who follow what it says."""
    began = time.monotonic()
    try:
        response = fetch(service, request, timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(request.name, False, error=_why(error), seconds=time.monotonic() - began), None
    wrong = _judge(response.status, request.status)
    return Answer(request.name, not wrong, facts(response), wrong, time.monotonic() - began), response


def _judge(status: int, expected: int | None) -> str:
    if expected is not None:
        return "" if status == expected else f"answers {status}, expected {expected}"
    return "" if status < 500 else f"answers {status}"


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, ConnectionResetError | http.client.RemoteDisconnected):
        return "connection closed without an answer"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
