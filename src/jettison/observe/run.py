"""One run of one scenario: mount, network, tracer, container, conversation, and all of it gone afterwards."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from jettison.errors import ContainerError, PrivilegeRequired
from jettison.filetree import FileTree
from jettison.observe.model import Run, Tracer
from jettison.observe.recorder import Recorder
from jettison.observe.scenario import Scenario, Settings
from jettison.observe.session import Session, converse
from jettison.observe.stage import Stage, Subject, handles, processor_time
from jettison.observe.tracers import tracing
from jettison.runtime import Container, inside, mounted, network

#: How long a program that handles its stop signal may take to end, so that what it opens then is seen too.
_GRACE_SECONDS = 1.0
#: A program that takes no processor time for so long does nothing more of its own accord.
_IDLE_SECONDS = 0.05
_LOG_LIMIT = 16 << 10


def run(
    snapshots: Sequence[Path], tree: FileTree, scenario: Scenario, settings: Settings, scratch: Path
) -> tuple[Run, str]:
    """Run ``scenario`` on the image whose layers are unpacked in ``snapshots``; ``tree`` is what they show.

    Gives the run and the name of the tracer. A program that does not start or does not work is a run with a
    ``failure``; only what this machine lacks is raised (``PrivilegeRequired``).
    """
    with ExitStack() as stack:
        rootfs = stack.enter_context(mounted(snapshots, scratch))
        namespace = stack.enter_context(network())
        tracer = stack.enter_context(tracing(settings.tracer, rootfs.path, scratch, scenario.config.working_dir or "/"))
        recorder = Recorder(scenario.name, tree, tracer)
        stage = Stage(rootfs.path, scratch, namespace, scenario.config, tracer, settings.seccomp)
        end = _hold(stage, scenario, settings, recorder)
        recorder.compare_with(rootfs.upper)
        return _seen(scenario, recorder, end, tracer), tracer.name


@dataclass(frozen=True, slots=True)
class _End:
    """How a run ended. ``code`` is ``None`` where the program still ran when it was stopped."""

    session: Session
    started: bool = True
    code: int | None = None
    log: bytes = b""


def _hold(stage: Stage, scenario: Scenario, settings: Settings, recorder: Recorder) -> _End:
    try:
        with stage.start(scenario.config.command) as container:
            subject = Subject(stage, container)
            session = inside(stage.network, converse, subject, scenario, settings, recorder)
            code = container.wait(0)
            _stop(container, scenario, stage.tracer)
            recorder.mark("shutdown")
            said = container.output()
            return _End(session, True, code, (said.stdout + said.stderr)[-_LOG_LIMIT:])
    except PrivilegeRequired:
        raise
    except ContainerError as error:
        return _End(Session(failure=str(error)), started=False)


def _stop(container: Container, scenario: Scenario, tracer: Tracer) -> None:
    """Ask a program that handles its stop signal to end, and kill any other: as a first process it ignores it.

    One that sits idle after it was asked (Node restores the terminal and goes on) is not waited for either.
    """
    signal = scenario.config.stop_signal or "SIGTERM"
    if tracer.name != "none" and handles(container.pid, signal):
        container.signal(signal)
        deadline = time.monotonic() + _GRACE_SECONDS
        work = ""
        while container.wait(_IDLE_SECONDS) is None and time.monotonic() < deadline:
            before, work = work, processor_time(container.pid)
            if work == before:
                break
    container.stop("SIGKILL")


def _seen(scenario: Scenario, recorder: Recorder, end: _End, tracer: Tracer) -> Run:
    return Run(
        scenario=scenario.name,
        opened={path: frozenset(evidence) for path, evidence in sorted(recorder.opened.items())},
        answers=end.session.answers,
        listening=end.session.listening,
        missing=recorder.missing,
        created=frozenset(recorder.created),
        exit_code=end.code,
        log=end.log,
        ready_seconds=end.session.ready_seconds,
        new_paths=tuple(recorder.new_paths),
        failure=end.session.failure,
        started=end.started,
        caveats=(*end.session.caveats, *tracer.caveats),
        calls=frozenset(recorder.calls),
        order=tuple(recorder.opened),
    )
