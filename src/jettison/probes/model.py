"""Probes: questions asked of a running container, and what it answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Execution:
    """What a command that ran in the container did. ``code`` is negative for a signal; output is capped."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """A running container, as a probe sees it. The calling thread is inside its network namespace.

    ``ports`` are the TCP ports that are listening, lowest first; ``execute(args, timeout_seconds)`` runs a
    command in the container under the same confinement; ``environment`` is what a user's script gets
    (``JETTISON_HOST``, ``JETTISON_PORT``, ``JETTISON_URL``).
    """

    host: str
    ports: tuple[int, ...]
    execute: Callable[[tuple[str, ...], float], Execution]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one probe saw. Equal, once normalised, for two images that behave the same.

    ``probe`` names the question (``GET /healthz``, ``exec sh -c …``); ``ok`` is whether the answer in itself
    counts as working (for a readiness check and for "the original fails its own probes"); ``facts`` are what is
    compared, name -> text (``status``, ``header content-type``, ``body``, ``exit``, ``stdout``, …);
    ``error`` is set where no answer came.
    """

    probe: str
    ok: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0


class Probe(Protocol):
    """One question, or a family of questions that belong together (a crawl)."""

    @property
    def name(self) -> str: ...

    def ask(self, target: Target) -> tuple[Answer, ...]:
        """Ask. A failure to connect is an ``Answer`` with ``error``, never an exception."""
