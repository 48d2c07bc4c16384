"""From the flags of ``jettison shrink`` and a ``jettison.toml`` to what the pipeline wants: a flag goes first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from jettison import configuration
from jettison.configuration import Configuration, Gates, Scanning, ScenarioSettings
from jettison.errors import GateFailed, NotFound
from jettison.observe import Settings
from jettison.pipeline import Options
from jettison.plan import Policy, Wishes
from jettison.report.model import Measure
from jettison.report.security import gates as gating
from jettison.report.security.model import Security
from jettison.report.tables import size

Value = TypeVar("Value")

#: Flags that say how one scenario runs and what it is asked; any of them makes a scenario of the command line.
_SCENARIO_FLAGS = (
    "http", "execute", "script", "tcp", "command", "entrypoint", "env", "user", "port", "duration", "exit_code",
    "ready_timeout", "healthcheck",
)  # fmt: skip


def read_configuration(flags: Mapping[str, Any], directory: Path | None) -> Configuration:
    """``--config``, else the ``jettison.toml`` of the directory that is built, else nothing."""
    if flags["config"]:
        return configuration.load(flags["config"])
    return configuration.find(directory) if directory else Configuration()


def options(flags: Mapping[str, Any], config: Configuration) -> Options:
    """Everything that the pipeline is told. Raises ``click.UsageError`` for a value that cannot be read."""
    keep = config.keep
    defaults = Settings()
    return Options(
        policy=Policy(flags["policy"] or config.policy or Policy.BALANCED),
        wishes=Wishes(
            include=(*keep.include, *flags["include"]),
            exclude=(*keep.exclude, *flags["exclude"]),
            packages=(*keep.packages, *flags["include_package"]),
            binaries=(*keep.binaries, *flags["include_bin"]),
            shell=bool(_first(flags["include_shell"], keep.shell)),
        ),
        strip=bool(_first(flags["strip"], config.strip, False)),
        scenarios=_scenarios(flags, config),
        crawl=bool(_first(flags["crawl"], config.crawl, True)),
        settings=Settings(
            timeout=_first(flags["timeout"], config.timeout, defaults.timeout),
            duration=_first(flags["duration"], defaults.duration),
            tracer=flags["tracer"],
        ),
        rounds=_first(flags["rounds"], config.rounds, 3),
        compression=flags["compression"],
        level=flags["level"],
        epoch=_epoch(),
        remember=not flags["no_cache"],
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _epoch() -> int | None:
    """SOURCE_DATE_EPOCH (reproducible-builds.org)."""
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    if not text.isdigit():
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a count of seconds, not {text!r}")
    return int(text)


def _scenarios(flags: Mapping[str, Any], config: Configuration) -> tuple[ScenarioSettings, ...]:
    """Those of the file (of which ``--scenario`` takes some), and one more where flags describe one."""
    chosen = config.scenarios
    if flags["scenario"]:
        known = {scenario.name: scenario for scenario in config.scenarios}
        for name in flags["scenario"]:
            if name not in known:
                raise NotFound(f"cannot run scenario {name!r}: jettison.toml has {', '.join(known) or 'none'}")
        chosen = tuple(known[name] for name in flags["scenario"])
    described = any(flags[name] not in (None, (), False) for name in _SCENARIO_FLAGS)
    if not described:
        return chosen
    name = "command line" if chosen else "default"
    return (*chosen, _described(flags, name))


def _described(flags: Mapping[str, Any], name: str) -> ScenarioSettings:
    command, request = configuration.command, configuration.request
    return ScenarioSettings(
        name=name,
        command=_read("--command", command, flags["command"]),
        entrypoint=_read("--entrypoint", command, flags["entrypoint"]),
        env=dict(_assigned(flags["env"])),
        user=flags["user"],
        ports=flags["port"],
        http=tuple(_each("--http", request, flags["http"])),
        exec=tuple(_each("--exec", command, flags["execute"])),
        script=tuple(_each("--script", command, flags["script"])),
        tcp=flags["tcp"],
        duration=flags["duration"],
        ready_timeout=flags["ready_timeout"],
        healthcheck=flags["healthcheck"] is not False,
        exit_code=flags["exit_code"] or 0,
    )


def _read(flag: str, reader: Callable[[Any], Value], text: str | None) -> Value | None:
    return None if text is None else _one(flag, reader, text)


def _each(flag: str, reader: Callable[[Any], Value], texts: Iterable[str]) -> Iterable[Value]:
    return (_one(flag, reader, text) for text in texts)


def _one(flag: str, reader: Callable[[Any], Value], text: str) -> Value:
    try:
        return reader(text)
    except ValueError as error:
        raise click.UsageError(f"{flag} must be {error}, not {text!r}") from error


def _assigned(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    """``NAME`` alone takes the value from the environment, as in Docker."""
    for word in words:
        name, equals, value = word.partition("=")
        if not name:
            raise click.UsageError(f"--env takes NAME=VALUE, not {word!r}")
        if equals or name in os.environ:
            yield name, value if equals else os.environ[name]


def gates(flags: Mapping[str, Any], config: Configuration) -> Gates:
    """The conditions on the result."""
    return Gates(
        max_size=_first(_read("--max-size", configuration.size, flags["max_size"]), config.gates.max_size),
        max_compressed=_first(
            _read("--max-compressed", configuration.size, flags["max_compressed"]), config.gates.max_compressed
        ),
        max_files=_first(flags["max_files"], config.gates.max_files),
        **_security_gates(flags, config),
    )


def security_gates(flags: Mapping[str, Any], config: Configuration) -> Gates:
    """The conditions on vulnerabilities alone."""
    return Gates(**_security_gates(flags, config))


def _security_gates(flags: Mapping[str, Any], config: Configuration) -> dict[str, Any]:
    limits = dict(config.gates.max_count)
    for given in flags["max_count"]:
        limits |= _one("--max-count", configuration.counts, given)
    worst = _read("--max-severity", configuration.rank, flags["max_severity"]) or config.gates.max_severity
    reasons = tuple(dict.fromkeys((*config.gates.fail_on, *flags["fail_on"])))
    return {"max_severity": worst, "max_count": limits, "fail_on": reasons}


def scanning(flags: Mapping[str, Any], config: Configuration) -> Scanning:
    """How vulnerabilities are looked for."""
    return Scanning(
        vex=(*config.scan.vex, *flags["vex"]),
        ignore=flags["ignore"] or config.scan.ignore,
        max_age=_first(flags["max_age"], config.scan.max_age),
    )


def check_gates(wanted: Gates, found: Measure, security: Security | None = None) -> None:
    """Raise ``GateFailed`` naming every condition that does not hold."""
    broken = list(gating.broken(wanted, security)) if security else []
    for limit, value, what, shown in (
        (wanted.max_size, found.disk_bytes, "on disk", size),
        (wanted.max_compressed, found.compressed_bytes, "compressed", size),
        (wanted.max_files, found.files, "files", str),
    ):
        if limit is not None and value > limit:
            broken.append(f"{shown(value)} {what}, at most {shown(limit)} is allowed")
    if broken:
        raise GateFailed(f"cannot accept the result: {'; '.join(broken)}")
