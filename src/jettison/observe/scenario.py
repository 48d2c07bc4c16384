"""A scenario: one way to run an image, and everything that it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jettison.configuration import Request, ScenarioSettings
from jettison.errors import InvalidInput
from jettison.oci.config import ContainerConfig, ImageConfig
from jettison.probes import Crawl, ExecProbe, HttpProbe, Probe, ScriptProbe, TcpProbe, healthcheck


@dataclass(frozen=True, slots=True)
class Settings:
    """How to observe, whatever the scenario.

    ``timeout`` is the limit in seconds until the first answer and of each probe; ``duration`` how long a program
    that listens nowhere is left to run; ``tracer`` is ``auto`` (fanotify, strace where that is not allowed),
    ``fanotify``, ``strace``, ``calls`` (the names of system calls, and no files), or ``none`` where only the answers
    are wanted. ``seccomp`` is a profile, as JSON, to run with instead of Docker's default.
    """

    timeout: float = 30.0
    duration: float = 3.0
    tracer: str = "auto"
    seccomp: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """``config`` is the image's, with this scenario's command, environment and user in place.

    ``probes`` in the order in which they are asked; the first request is the readiness check; ``ports`` are those
    that should listen, and where ``asked`` is true the user named them, so that another one will not do.
    """

    name: str
    config: ContainerConfig
    probes: tuple[Probe, ...]
    ports: tuple[int, ...] = ()
    asked: bool = False
    duration: float | None = None
    ready_timeout: float | None = None
    exit_code: int = 0

    @property
    def readiness(self) -> Request:
        """What is asked until it is answered."""
        return next((probe.request for probe in self.probes if isinstance(probe, HttpProbe)), Request("/"))

    @property
    def speaks_http(self) -> bool:
        """Whether the user asked for an HTTP probe."""
        return any(isinstance(probe, HttpProbe) for probe in self.probes)

    @property
    def wants_service(self) -> bool:
        """Whether a program that listens nowhere cannot be what was meant."""
        served = (HttpProbe, TcpProbe, ScriptProbe)
        return self.asked or any(isinstance(probe, served) for probe in self.probes)


def scenarios(
    config: ImageConfig, settings: Sequence[ScenarioSettings] = (), *, crawl: bool = True
) -> tuple[Scenario, ...]:
    """The scenarios of an image: those that were written down, or the one that its configuration describes.

    Raises ``InvalidInput`` where a scenario has no command to run.
    """
    return tuple(_scenario(config.container, each, crawl) for each in settings or (ScenarioSettings(),))


def _scenario(image: ContainerConfig, settings: ScenarioSettings, crawl: bool) -> Scenario:
    config = _configured(image, settings)
    if not config.command:
        raise InvalidInput(
            f"cannot run scenario {settings.name}: the image has no ENTRYPOINT and no CMD; give a command"
        )
    ports = settings.ports or _exposed(config)
    return Scenario(
        name=settings.name,
        config=config,
        probes=tuple(_probes(config, settings, crawl)),
        ports=ports,
        asked=bool(settings.ports),
        duration=settings.duration,
        ready_timeout=settings.ready_timeout,
        exit_code=settings.exit_code,
    )


def _configured(image: ContainerConfig, settings: ScenarioSettings) -> ContainerConfig:
    """As ``docker run`` does it: another entrypoint also drops the image's command."""
    config = image
    if settings.entrypoint is not None:
        config = replace(config, entrypoint=settings.entrypoint, cmd=None)
    if settings.command is not None:
        config = replace(config, cmd=settings.command)
    if settings.user is not None:
        config = replace(config, user=settings.user)
    added = tuple(f"{name}={value}" for name, value in settings.env.items())
    kept = tuple(item for item in config.env if item.partition("=")[0] not in settings.env)
    return replace(config, env=kept + added)


def _probes(config: ContainerConfig, settings: ScenarioSettings, crawl: bool) -> list[Probe]:
    """What was asked for first, in the order of the documentation; the crawl last, since it goes everywhere."""
    check = healthcheck.probe(config) if settings.healthcheck else None
    probes: list[Probe] = [HttpProbe(request) for request in settings.http]
    probes += [TcpProbe(port) for port in settings.tcp]
    probes += [ExecProbe(args) for args in settings.exec]
    probes += [check] if check else []
    probes += [ScriptProbe(args) for args in settings.script]
    probes += [Crawl()] if crawl else []
    return probes


def _exposed(config: ContainerConfig) -> tuple[int, ...]:
    """The TCP ports of EXPOSE; a range counts whole, what is no port not at all."""
    found: list[int] = []
    for text in config.exposed_ports:
        ports, _, kind = text.partition("/")
        first, _, last = ports.partition("-")
        if kind in ("", "tcp") and first.isdecimal() and (not last or last.isdecimal()):
            found += range(int(first), int(last or first) + 1)
    return tuple(found[:1000])
