"""One conversation with a running container: wait until it is ready, ask everything, note what that opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jettison.observe import ports, readiness
from jettison.observe.readiness import Readiness
from jettison.observe.recorder import Recorder
from jettison.observe.scenario import Scenario, Settings
from jettison.probes import Answer, Crawl, ExecProbe, Execution, HttpProbe, Probe, Target, TcpProbe
from jettison.probes import exit as exit_

#: Lines of the container's output that an error shows.
_LOG_LINES = 5


class Subject(readiness.Running, Protocol):
    """A container, as far as a conversation needs it."""

    def output(self) -> Execution:
        """What it has printed so far, capped, and its exit code (0 while it runs)."""

    def execute(self, args: tuple[str, ...], timeout: float) -> Execution:
        """Run a command in it, or beside it where it has ended. Raises ``TimeoutError``."""


@dataclass(frozen=True, slots=True)
class Session:
    """What was said. ``failure`` is why the program does not work, with its last log lines; empty where it does."""

    answers: tuple[Answer, ...] = ()
    listening: frozenset[str] = frozenset()
    caveats: tuple[str, ...] = ()
    failure: str = ""
    ready_seconds: float | None = None


def converse(subject: Subject, scenario: Scenario, settings: Settings, recorder: Recorder) -> Session:
    """Hold the conversation. Call it in a thread that is inside the container's network namespace."""
    ready = readiness.wait(subject, scenario, settings)
    recorder.mark("start-up")
    target = Target(ready.services, subject.execute, lambda: subject.running, settings.timeout)
    answers: list[Answer] = []
    if ready.ended:
        answers.append(exit_.ended(subject.output(), scenario.exit_code, ready.seconds))
    failure = ready.failure or _ended_badly(scenario, ready, answers)
    for probe in _questions(scenario, ready) if not failure else ():
        answers += probe.ask(target)
        recorder.mark(probe.name)
    if not failure and not ready.services and not ready.ended:
        answers.append(exit_.running(subject.output(), ready.seconds))
    failure = failure or _unanswered(answers, subject, ready)
    return Session(
        answers=tuple(answers),
        listening=_names(scenario, (*ready.listeners, *ports.listening(subject.pid))),
        caveats=(*ready.caveats, *_caveats(scenario, ready, answers)),
        failure=failure and f"{failure}; {_last_words(subject)}",
        ready_seconds=None if ready.ended else ready.seconds,
    )


def _names(scenario: Scenario, listeners: tuple[ports.Listener, ...]) -> frozenset[str]:
    return ports.names(listeners, frozenset(scenario.ports))


def _questions(scenario: Scenario, ready: Readiness) -> Iterator[Probe]:
    """The scenario's probes that make sense here, and one for each service that none of them asks."""
    if ready.ended:
        yield from (probe for probe in scenario.probes if isinstance(probe, ExecProbe))
        return
    yield from (probe for probe in scenario.probes if not isinstance(probe, Crawl))
    asked = {probe.port for probe in scenario.probes if isinstance(probe, TcpProbe)}
    for service in ready.services:
        if service.protocol == "tcp" and service.port not in asked and not scenario.speaks_http:
            yield TcpProbe(service.port)
    crawls = [probe for probe in scenario.probes if isinstance(probe, Crawl)]
    if not crawls and not scenario.speaks_http and any(service.protocol != "tcp" for service in ready.services):
        yield HttpProbe(scenario.readiness)
    yield from crawls


def _ended_badly(scenario: Scenario, ready: Readiness, answers: Sequence[Answer]) -> str:
    """Why a program that ended by itself is not what was meant."""
    if not ready.ended:
        return ""
    if answers[0].error:
        return f"the program {answers[0].error.partition(':')[0]} after {ready.seconds:.1f} s"
    if scenario.wants_service:
        return f"the program ends after {ready.seconds:.1f} s, and nothing ever listened"
    return ""


def _unanswered(answers: Sequence[Answer], subject: Subject, ready: Readiness) -> str:
    """The first probe that does not work, if one does not."""
    for answer in answers:
        if answer.required and not answer.ok:
            return f"{answer.probe}: {answer.error}"
    if ready.services and not subject.running:
        return f"the program ends with code {subject.output().code} while it is asked ({answers[-1].probe})"
    return ""


def _caveats(scenario: Scenario, ready: Readiness, answers: Sequence[Answer]) -> Iterator[str]:
    if ready.ended and scenario.ports:
        expected = ", ".join(map(str, scenario.ports))
        yield f"the program ended by itself and never listened on port {expected} of EXPOSE"
    if not ready.ended and not ready.services and not ready.failure and len(answers) == 1:
        yield (
            f"nothing listened within {ready.seconds:.0f} s and no probe was given: "
            "only what the program printed was compared"
        )
    for answer in answers:
        if not answer.required and not answer.ok:
            yield f"{answer.probe}: {answer.error}"


def _last_words(subject: Subject) -> str:
    """The last lines that it printed, on one line."""
    said = subject.output()
    text = (said.stdout + b"\n" + said.stderr).decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()][-_LOG_LINES:]
    return f"its last output: {' | '.join(lines)[-1000:]}" if lines else "it printed nothing"
