"""Probes: questions asked of a running container, and what it answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

#: Hosts under which every service in the container's own network namespace is reached.
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Execution:
    """What a command that ran in the container did. ``code`` is negative for a signal; output is capped."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Service:
    """A listening TCP port that was connected to. ``protocol`` is ``http``, ``https`` or ``tcp``."""

    port: int
    protocol: str = "http"
    host: str = LOOPBACK

    @property
    def url(self) -> str:
        """``http://127.0.0.1:8080``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Target:
    """A running container, as a probe sees it. The calling thread is inside its network namespace.

    ``services`` are the ports that listen, the one that was asked for first; ``execute(args, timeout_seconds)``
    runs a command in the container under the same confinement and raises ``TimeoutError``; ``alive`` is whether
    the container still runs; ``timeout`` is the limit of one question in seconds.
    """

    services: tuple[Service, ...]
    execute: Callable[[tuple[str, ...], float], Execution]
    alive: Callable[[], bool] = lambda: True
    timeout: float = 30.0

    @property
    def web(self) -> Service | None:
        """The first service that speaks HTTP or HTTPS."""
        return next((service for service in self.services if service.protocol != "tcp"), None)

    def service(self, port: int | None) -> Service | None:
        """The service on ``port``; the first web service where ``port`` is ``None``."""
        if port is None:
            return self.web
        return next((service for service in self.services if service.port == port), None)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a user's script gets: ``JETTISON_HOST``, ``JETTISON_PORT``, ``JETTISON_URL``."""
        service = self.web or next(iter(self.services), None)
        if service is None:
            return {}
        return {"JETTISON_HOST": service.host, "JETTISON_PORT": str(service.port), "JETTISON_URL": service.url}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one probe saw. Equal, once normalised, for two images that behave the same.

    ``probe`` names the question (``GET /healthz``, ``exec sh -c …``); ``ok`` is whether the answer in itself
    counts as working (for a readiness check and for "the original fails its own probes"); ``facts`` are what is
    compared, name -> text (``status``, ``header content-type``, ``body``, ``exit``, ``stdout``, …);
    ``error`` says in words why it is not ``ok``, or why no answer came; ``required`` is false for questions that
    nobody asked for (a page of the crawl), whose answer is compared but need not be a good one.
    """

    probe: str
    ok: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0
    required: bool = True

    @property
    def summary(self) -> str:
        """The answer in a few words, for a table: ``200, 1,204 bytes``, ``exit 0``, or the error."""
        if self.error:
            return self.error
        if "status" in self.facts:
            return f"{self.facts['status']}, {len(self.facts.get('body', '').encode()):,} bytes"
        return f"exit {self.facts['exit']}" if "exit" in self.facts else "connected"


class Probe(Protocol):
    """One question, or a family of questions that belong together (a crawl)."""

    @property
    def name(self) -> str: ...

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Ask. A failure to connect is an ``Answer`` with ``error``, never an exception."""
