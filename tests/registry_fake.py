"""A registry in this process that can be told to misbehave, in the ways that real ones do."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Fault:
    """What happens to the next ``times`` requests whose ``"METHOD /path"`` matches ``pattern``.

    ``status`` answers with that (and ``headers``); ``drop_after`` breaks the connection after so many bytes of the
    body, sent or received; ``body`` answers with other bytes; ``delay`` waits so many seconds first; ``forget`` loses
    all uploads that are under way, ``expire`` all tokens.
    """

    pattern: str
    times: int = 1
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    drop_after: int | None = None
    body: bytes | None = None
    delay: float = 0.0
    forget: bool = False
    expire: bool = False


class FakeRegistry:
    """``blobs[repository][digest]``, ``manifests[repository][tag or digest]`` (media type, bytes).

    ``log`` has the requests, ``sent`` counts the bytes of bodies that were sent.
    """

    def __init__(self) -> None:
        self.blobs: dict[str, dict[str, bytes]] = {}
        self.manifests: dict[str, dict[str, tuple[str, bytes]]] = {}
        self.uploads: dict[str, bytearray] = {}
        self.log: list[str] = []
        self.faults: list[Fault] = []
        self.login: tuple[str, str] | None = None
        self.scheme = ""
        self.tokens: dict[str, set[str]] = {}
        self.ignore_range = False
        self.page = 1000
        self.knows_subjects = False
        self.refuses_subjects = False
        self.sent = 0
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.domain = f"127.0.0.1:{self._server.server_address[1]}"

    def use_tls(self, certificate: str) -> None:
        """Speak HTTPS with a certificate and its key, in one PEM file."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def put_blob(self, repository: str, data: bytes) -> str:
        """Have a blob; gives its digest."""
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.blobs.setdefault(repository, {})[digest] = data
        return digest

    def fault(self, pattern: str, **what: object) -> None:
        """Misbehave: see ``Fault``."""
        self.faults.append(Fault(pattern, **what))  # type: ignore[arg-type]

    def requests(self, pattern: str) -> list[str]:
        """The lines of the log that match."""
        return [line for line in self.log if re.search(pattern, line)]

    @contextlib.contextmanager
    def serving(self) -> Iterator[FakeRegistry]:
        """Answer requests until the end of the block."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class _Dropped(Exception):
    """The connection is to break here."""


def _handler(registry: FakeRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        fake = registry

    return Handler


class _Handler(BaseHTTPRequestHandler):
    fake: FakeRegistry
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError):  # a client may go away at any moment
            super().handle()

    def log_message(self, *_arguments: object) -> None:
        pass

    def _serve(self) -> None:
        self.address = urlsplit(self.path)
        self.query = {key: values[-1] for key, values in parse_qs(self.address.query).items()}
        line = f"{self.command} {self.path}"
        self.fake.log.append(line)
        self.left = int(self.headers.get("Content-Length") or 0)
        with contextlib.suppress(_Dropped, ConnectionError):
            if not self._misbehave(line) and self._may():
                self._route()
            while self.left > 0 and (data := self.rfile.read(min(self.left, 1 << 20))):
                self.left -= len(data)
            return
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = _serve

    def _misbehave(self, line: str) -> bool:
        self.fault = None
        for fault in self.fake.faults:
            if fault.times and re.search(fault.pattern, line):
                fault.times -= 1
                self.fault = fault
                time.sleep(fault.delay)
                if fault.forget:
                    self.fake.uploads.clear()
                if fault.expire:
                    self.fake.tokens.clear()
                if fault.status:
                    self._answer(fault.status, b'{"errors":[{"code":"X","message":"told to fail"}]}', **fault.headers)
                return bool(fault.status)
        return False

    def _may(self) -> bool:
        if self.fake.login is None or self.address.path == "/token":
            return True
        if self.fake.scheme == "basic":
            wanted = "Basic " + base64.b64encode(":".join(self.fake.login).encode()).decode()
            if self.headers.get("Authorization") == wanted:
                return True
            self._answer(401, **{"WWW-Authenticate": 'Basic realm="here"'})
            return False
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        repository = re.match(r"/v2/(.+)/(?:blobs|manifests|tags|referrers)/", self.address.path)
        actions = "pull" if self.command in ("GET", "HEAD") and "uploads" not in self.path else "pull,push"
        granted = self.fake.tokens.get(token, set())
        if repository is None and token in self.fake.tokens:
            return True
        if repository and any(g == f"repository:{repository[1]}:pull,push" or
                              g == f"repository:{repository[1]}:{actions}" for g in granted):  # fmt: skip
            return True
        realm = f'Bearer realm="http://{self.fake.domain}/token",service="fake"'
        self._answer(401, **{"WWW-Authenticate": realm})
        return False

    def _route(self) -> None:
        path = self.address.path
        if path == "/token":
            return self._token()
        if path == "/v2/":
            return self._answer(200, b"{}")
        if match := re.fullmatch(r"/v2/(.+)/manifests/([^/]+)", path):
            return self._manifest(*match.groups())
        if match := re.fullmatch(r"/v2/(.+)/blobs/uploads/([^/]*)", path):
            return self._upload(*match.groups())
        if match := re.fullmatch(r"/v2/(.+)/blobs/([^/]+)", path):
            return self._blob(*match.groups())
        if match := re.fullmatch(r"/v2/(.+)/tags/list", path):
            return self._tag_list(match[1])
        if (match := re.fullmatch(r"/v2/(.+)/referrers/([^/]+)", path)) and self.fake.knows_subjects:
            return self._referrers(*match.groups())
        return self._answer(404)

    def _referrers(self, repository: str, subject: str) -> None:
        """One entry a page, so that the second has to be asked for."""
        found = []
        for target, (kind, data) in sorted(self.fake.manifests.get(repository, {}).items()):
            manifest = json.loads(data)
            if ":" in target and manifest.get("subject", {}).get("digest") == subject:
                entry = {"mediaType": kind, "digest": target, "size": len(data)}
                found.append({**entry, "artifactType": manifest["artifactType"]})
        start = int(self.query.get("from", 0))
        link = {"Link": f'<{self.address.path}?from={start + 1}>; rel="next"'} if start + 1 < len(found) else {}
        body = json.dumps({"schemaVersion": 2, "manifests": found[start : start + 1]}).encode()
        self._answer(200, body, **{"Content-Type": "application/vnd.oci.image.index.v1+json", **link})

    def _tag_list(self, repository: str) -> None:
        if repository not in self.fake.manifests:
            return self._answer(404, b'{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known"}]}')
        tags = sorted(tag for tag in self.fake.manifests[repository] if ":" not in tag)
        last, size = self.query.get("last", ""), min(int(self.query.get("n", 100)), self.fake.page)
        page = [tag for tag in tags if tag > last][:size]
        more = page and page[-1] != tags[-1]
        link = {"Link": f'</v2/{repository}/tags/list?last={page[-1]}&n={size}>; rel="next"'} if more else {}
        return self._answer(200, json.dumps({"name": repository, "tags": page or None}).encode(), **link)

    def _token(self) -> None:
        if self.command == "POST":
            form = parse_qs(self.rfile.read(self.left).decode())
            self.left = 0
            ok, scopes = form["refresh_token"] == ["identity"], form.get("scope", [""])[0].split()
        else:
            wanted = "Basic " + base64.b64encode(":".join(self.fake.login or ()).encode()).decode()
            ok = self.headers.get("Authorization") == wanted
            scopes = parse_qs(self.address.query).get("scope", [])
        if not ok:
            return self._answer(401)
        token = uuid.uuid4().hex
        self.fake.tokens[token] = set(scopes)
        return self._answer(200, json.dumps({"token": token, "expires_in": 300}).encode())

    def _manifest(self, repository: str, target: str) -> None:
        there = self.fake.manifests.setdefault(repository, {})
        if self.command == "PUT":
            data = self._receive()
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            subject = re.search(rb'"subject":{[^}]*"digest":"([^"]+)"', data)
            if subject and self.fake.refuses_subjects:
                return self._answer(400, b'{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid"}]}')
            there[target] = there[digest] = (self.headers["Content-Type"], data)
            known = {"OCI-Subject": subject[1].decode()} if subject and self.fake.knows_subjects else {}
            return self._answer(201, **{"Docker-Content-Digest": digest, **known})
        if target not in there:
            return self._answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
        kind, data = there[target]
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        return self._answer(200, data, **{"Content-Type": kind, "Docker-Content-Digest": digest})

    def _blob(self, repository: str, digest: str) -> None:
        data = self.fake.blobs.get(repository, {}).get(digest)
        if data is None:
            return self._answer(404)
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and not self.fake.ignore_range:
            start = int(wanted[1])
            part = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            return self._answer(206, data[start:], **part)
        return self._answer(200, data)

    def _upload(self, repository: str, name: str) -> None:
        blobs = self.fake.blobs.setdefault(repository, {})
        if self.command == "POST":
            source, digest = self.query.get("from", ""), self.query.get("mount", "")
            if digest in self.fake.blobs.get(source, {}):
                blobs[digest] = self.fake.blobs[source][digest]
                return self._answer(201, Location=f"/v2/{repository}/blobs/{digest}")
            name = uuid.uuid4().hex
            self.fake.uploads[name] = bytearray()
            return self._where(202, repository, name)
        if name not in self.fake.uploads:
            return self._answer(404)
        if self.command == "GET":
            return self._where(204, repository, name)
        upload = self.fake.uploads[name]
        start = re.match(r"(\d+)-", self.headers.get("Content-Range", "0-"))
        if start and int(start[1]) != len(upload):
            return self._where(416, repository, name)
        self._receive(upload)
        digest = "sha256:" + hashlib.sha256(upload).hexdigest()
        if digest != self.query["digest"]:
            return self._answer(400, b'{"errors":[{"code":"DIGEST_INVALID","message":"digest invalid"}]}')
        blobs[digest] = bytes(self.fake.uploads.pop(name))
        return self._answer(201, Location=f"/v2/{repository}/blobs/{digest}", **{"Docker-Content-Digest": digest})

    def _where(self, status: int, repository: str, name: str) -> None:
        last = max(0, len(self.fake.uploads[name]) - 1)
        location = f"/v2/{repository}/blobs/uploads/{name}?_state=a%3D%3D"
        self._answer(status, Location=location, Range=f"0-{last}")

    def _receive(self, into: bytearray | None = None) -> bytes:
        got = bytearray() if into is None else into
        limit = self.fault.drop_after if self.fault else None
        while self.left:
            data = self.rfile.read(min(self.left, 4096))
            self.left -= len(data)
            got += data
            if not data or (limit is not None and len(got) >= limit):
                raise _Dropped
        return bytes(got)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        fault, told = self.fault, len(body)
        if fault and fault.body is not None:
            body, told = fault.body, len(fault.body)
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if status != 204:
            self.send_header("Content-Length", str(told))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault and fault.drop_after is not None:
            self.fake.sent += self.wfile.write(body[: fault.drop_after])
            self.wfile.flush()
            raise _Dropped
        self.fake.sent += self.wfile.write(body)
