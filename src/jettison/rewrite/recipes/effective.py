"""How an image would run, worked out from its Dockerfile without building it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from jettison.dockerfile import Instruction, expand
from jettison.dockerfile.model import Arg, Command, Health, Pairs, ShellWords, Text, Words
from jettison.errors import InvalidInput
from jettison.oci.config import ContainerConfig, Healthcheck

_SHELL = ("/bin/sh", "-c")


def effective(
    base: ContainerConfig, instructions: Iterable[Instruction], args: Mapping[str, str], escape: str = "\\"
) -> ContainerConfig:
    """``base`` after ``instructions``. ``args`` are the ARGs from before FROM and the values that the user gives."""
    config, known, cmd_is_set = replace(base, on_build=()), dict[str, str](), False
    for instruction in instructions:
        payload = instruction.payload
        variables = {**known, **config.environment}
        match payload:
            case Arg():
                for name, default in payload.pairs:
                    value = args.get(name, None if default is None else _expanded(default, variables, escape))
                    known |= {name: value} if value is not None else {}
            case Pairs() if instruction.keyword == "ENV":
                pairs = {name: _expanded(value, variables, escape) for name, value in payload.pairs}
                env = {**config.environment, **pairs}
                config = replace(config, env=tuple(f"{name}={value}" for name, value in env.items()))
            case Pairs():
                labels = {name: _expanded(value, variables, escape) for name, value in payload.pairs}
                config = replace(config, labels={**config.labels, **labels})
            case Words() if instruction.keyword == "EXPOSE":
                ports = {_port(_expanded(word, variables, escape)) for word in payload.words}
                config = replace(config, exposed_ports=tuple(sorted({*config.exposed_ports, *ports})))
            case Words():
                volumes = {_expanded(word, variables, escape) for word in payload.words}
                config = replace(config, volumes=tuple(sorted({*config.volumes, *volumes})))
            case Text():
                config = _text(config, instruction.keyword, _expanded(payload.text, variables, escape))
            case ShellWords():
                config = replace(config, shell=payload.words)
            case Health():
                config = replace(config, healthcheck=_health(payload, config))
            case Command() if instruction.keyword == "CMD":
                config, cmd_is_set = replace(config, cmd=_words(payload, config)), True
            case Command() if instruction.keyword == "ENTRYPOINT":
                config = replace(config, entrypoint=_words(payload, config), cmd=config.cmd if cmd_is_set else None)
            case _:
                pass
    return config


def _expanded(text: str, variables: Mapping[str, str], escape: str) -> str:
    """A word with its variables; as it is where it is broken, which a build will say."""
    try:
        return expand(text, variables, escape)
    except InvalidInput:
        return text


def _port(word: str) -> str:
    return word if "/" in word else f"{word}/tcp"


def _text(config: ContainerConfig, keyword: str, text: str) -> ContainerConfig:
    if keyword == "USER":
        return replace(config, user=text)
    if keyword == "WORKDIR":
        return replace(config, working_dir=str(PurePosixPath("/", config.working_dir or "/", text)))
    return replace(config, stop_signal=text) if keyword == "STOPSIGNAL" else config


def _words(command: Command, config: ContainerConfig) -> tuple[str, ...]:
    return command.words if command.words is not None else (*(config.shell or _SHELL), command.text)


def _health(health: Health, config: ContainerConfig) -> Healthcheck:
    if health.command is None:
        return Healthcheck(("NONE",))
    words = health.command.words
    test = ("CMD-SHELL", health.command.text) if words is None else ("CMD", *words)
    return Healthcheck(
        test, health.interval, health.timeout, health.start_period, health.start_interval, health.retries
    )
