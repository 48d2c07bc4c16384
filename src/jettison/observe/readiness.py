"""When a container is ready: its first probe answers.

A program is asked every hundredth of a second, because waiting is what a user notices first, and a port is
connected to only once the kernel says that it listens.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from jettison.observe.ports import EPHEMERAL, Listener, listening
from jettison.observe.scenario import Scenario, Settings
from jettison.probes import Service
from jettison.probes.http import answer
from jettison.probes.tcp import SILENCE_SECONDS, protocol

_PAUSE_SECONDS = 0.012
#: How long a program that listens elsewhere may take to listen on the port that was expected.
_SETTLE_SECONDS = 2.0
#: How long a further port may be silent before it is taken not to speak HTTP.
_SHORT_SECONDS = 0.5


class Running(Protocol):
    """A container, as far as readiness needs it."""

    @property
    def pid(self) -> int: ...

    @property
    def running(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """``services`` answer; ``ended`` is a program that is over; ``failure`` says why there is neither."""

    services: tuple[Service, ...] = ()
    listeners: tuple[Listener, ...] = ()
    ended: bool = False
    failure: str = ""
    caveats: tuple[str, ...] = ()
    seconds: float = 0.0


def wait(container: Running, scenario: Scenario, settings: Settings) -> Readiness:
    """Wait until the first probe answers, the program ends, or the time is over. Call inside the namespace."""
    return _Wait(container, scenario, settings).until_ready()


class _Wait:
    def __init__(self, container: Running, scenario: Scenario, settings: Settings) -> None:
        self._container = container
        self._scenario = scenario
        self._limit = scenario.ready_timeout or settings.timeout
        self._duration = min(scenario.duration or settings.duration, self._limit)
        self._began = time.monotonic()
        self._first_seen: float | None = None
        self._known: dict[Listener, Service] = {}
        self._last_answer = ""

    def until_ready(self) -> Readiness:
        while self._container.running:
            listeners = listening(self._container.pid)
            service = self._first(listeners)
            if service:
                return self._ready(service, listeners)
            if self._runs_on(listeners):
                return Readiness(listeners=listeners, seconds=self._elapsed)
            if self._elapsed > self._limit:
                return Readiness(listeners=listeners, failure=self._why_not(listeners), seconds=self._elapsed)
            time.sleep(_PAUSE_SECONDS)
        return Readiness(ended=True, seconds=self._elapsed)

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _first(self, listeners: tuple[Listener, ...]) -> Service | None:
        """The first candidate whose answer says that it works."""
        for listener in self._candidates(listeners):
            service = self._service(listener)
            if service and self._answers(service):
                return service
        return None

    def _candidates(self, listeners: tuple[Listener, ...]) -> Iterator[Listener]:
        """The ports that were expected; after a while any other, unless the user named the port."""
        tcp = self._chosen(listeners)
        if tcp and self._first_seen is None:
            self._first_seen = self._elapsed
        expected = [listener for listener in tcp if listener.port in self._scenario.ports]
        yield from sorted(expected, key=lambda listener: self._scenario.ports.index(listener.port))
        settled = self._first_seen is not None and self._elapsed - self._first_seen > _SETTLE_SECONDS
        if not self._scenario.ports or (settled and not expected and not self._scenario.asked):
            yield from tcp

    def _service(self, listener: Listener) -> Service | None:
        if listener not in self._known:
            silence = max(0.1, min(SILENCE_SECONDS, self._limit - self._elapsed))
            found = _connect(listener, self._scenario.readiness.path, silence)
            if found:
                self._known[listener] = found
        return self._known.get(listener)

    def _answers(self, service: Service) -> bool:
        request = self._scenario.readiness
        if service.protocol == "tcp" and not self._scenario.speaks_http:
            return True
        if request.port not in (None, service.port):
            return True  # another port than that of the first request: it accepts, and that is all that is known
        web = replace(service, protocol="http") if service.protocol == "tcp" else service
        given, response = answer(web, request, max(0.1, self._limit - self._elapsed))
        self._last_answer = f"{request.name} on port {service.port}: {given.error}"
        return response is not None and (given.ok or response.status < 500)

    def _runs_on(self, listeners: tuple[Listener, ...]) -> bool:
        """Whether it is a program that serves nobody: nothing listens, nothing says that something should."""
        expected = bool(self._scenario.ports) or self._scenario.wants_service
        return not self._chosen(listeners) and not expected and self._elapsed > self._duration

    def _chosen(self, listeners: tuple[Listener, ...]) -> list[Listener]:
        """TCP ports that somebody chose: one that the kernel picked is another one in the next run."""
        wanted = self._scenario.ports
        return [
            each for each in listeners if each.kind == "tcp" and (each.port in wanted or each.port not in EPHEMERAL)
        ]

    def _ready(self, service: Service, listeners: tuple[Listener, ...]) -> Readiness:
        seconds = self._elapsed
        others = [listener for listener in self._chosen(listeners) if listener.port != service.port]
        found = [
            self._known.get(other) or _connect(other, self._scenario.readiness.path, _SHORT_SECONDS) for other in others
        ]
        services = {each.port: each for each in (service, *found) if each is not None}
        caveats = tuple(_caveats(self._scenario, service, listeners))
        return Readiness(tuple(services.values()), listeners, caveats=caveats, seconds=seconds)

    def _why_not(self, listeners: tuple[Listener, ...]) -> str:
        expected = "port " + ", ".join(map(str, self._scenario.ports)) if self._scenario.ports else "a port"
        seen = sorted({str(listener.port) for listener in listeners if listener.kind == "tcp"})
        if self._last_answer:
            return f"not ready within {self._limit:g} s: {self._last_answer}"
        elsewhere = f", but port {', '.join(seen)} does" if seen else ""
        return f"nothing listens on {expected} within {self._limit:g} s{elsewhere}"


def _connect(listener: Listener, path: str, silence: float) -> Service | None:
    for host in listener.hosts:
        spoken = protocol(host, listener.port, path, silence)
        if spoken:
            return Service(listener.port, spoken, host)
    return None


def _caveats(scenario: Scenario, service: Service, listeners: tuple[Listener, ...]) -> Iterator[str]:
    tcp = [listener for listener in listeners if listener.kind == "tcp"]
    others = sorted({each.port for each in tcp} - set(scenario.ports) - set(EPHEMERAL))
    if scenario.ports and others:
        source = "named are" if scenario.asked else "EXPOSE says"
        expected = ", ".join(map(str, scenario.ports))
        yield f"the program listens on port {', '.join(map(str, others))}, {source} {expected}"
    if all(listener.is_local for listener in tcp if listener.port == service.port):
        host = next(listener.address for listener in tcp if listener.port == service.port)
        yield f"port {service.port} listens on {host} only: nothing outside the container reaches it"
