"""Instructions that only change the configuration, with Docker's rules for what they change."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import cast

from jettison.builder.stage import Stage
from jettison.dockerfile.model import Arg, Command, Health, Instruction, OnBuild, Pairs, ShellWords, Text, Words
from jettison.oci.config import Healthcheck

_PORT = re.compile(r"(\d+)(?:-(\d+))?(?:/(tcp|udp|sctp))?", re.IGNORECASE)


def arg(stage: Stage, instruction: Instruction) -> None:
    """``ARG``: declared for what follows in this stage."""
    shown = []
    for name, default in cast(Arg, instruction.payload).pairs:
        value = None if default is None else stage.expand(instruction, default)
        stage.arguments.declare(name, value)
        shown.append(name if value is None else f"{name}={value}")
    stage.configured(f"ARG {' '.join(shown)}")


def env(stage: Stage, instruction: Instruction) -> None:
    """``ENV``: a name that is there already keeps its place. All values see the environment as it was before."""
    pairs = _pairs(stage, instruction)
    values = {**stage.config.container.environment, **pairs}
    text = " ".join(f"{name}={value}" for name, value in pairs.items())
    stage.configure(f"ENV {text}", env=tuple(f"{name}={value}" for name, value in values.items()))


def label(stage: Stage, instruction: Instruction) -> None:
    """``LABEL``."""
    pairs = _pairs(stage, instruction)
    text = " ".join(f"{name}={value}" for name, value in pairs.items())
    stage.configure(f"LABEL {text}", labels={**stage.config.container.labels, **pairs})


def _pairs(stage: Stage, instruction: Instruction) -> dict[str, str]:
    pairs = cast(Pairs, instruction.payload).pairs
    return {stage.expand(instruction, name): stage.expand(instruction, value) for name, value in pairs}


def cmd(stage: Stage, instruction: Instruction) -> None:
    """``CMD``."""
    words = command(stage, cast(Command, instruction.payload))
    stage.cmd_is_set = True
    stage.configure(f"CMD {json.dumps(words)}", cmd=words)


def entrypoint(stage: Stage, instruction: Instruction) -> None:
    """``ENTRYPOINT``: a CMD that came from the base goes, one of this stage stays."""
    words = command(stage, cast(Command, instruction.payload))
    kept = stage.config.container.cmd if stage.cmd_is_set else None
    stage.configure(f"ENTRYPOINT {json.dumps(words)}", entrypoint=words, cmd=kept)


def command(stage: Stage, value: Command) -> tuple[str, ...]:
    """The words that are run: the exec form's own, or the shell's with the text."""
    return value.words if value.words is not None else (*stage.shell, value.text)


def expose(stage: Stage, instruction: Instruction) -> None:
    """``EXPOSE``: ports and ranges of ports, TCP where no protocol is named."""
    ports = set(stage.config.container.exposed_ports)
    words = _words(stage, instruction)
    for word in words:
        found = _PORT.fullmatch(word.rpartition(":")[2])
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not found or not 0 <= first <= last <= 65535:
            raise instruction.error(f"{word!r} is not a port, as 8080 or 53/udp", word)
        ports |= {f"{port}/{(found[3] or 'tcp').lower()}" for port in range(first, last + 1)}
    stage.configure(f"EXPOSE {' '.join(words)}", exposed_ports=tuple(sorted(ports)))


def volume(stage: Stage, instruction: Instruction) -> None:
    """``VOLUME``."""
    words = [stage.expand(instruction, word) for word in cast(Words, instruction.payload).words]
    volumes = {*stage.config.container.volumes, *words}
    stage.configure(f"VOLUME {json.dumps(words)}", volumes=tuple(sorted(volumes)))


def _words(stage: Stage, instruction: Instruction) -> list[str]:
    raw = cast(Words, instruction.payload).words
    return [word for text in raw for word in stage.split(instruction, text)]


def user(stage: Stage, instruction: Instruction) -> None:
    """``USER``."""
    name = _text(stage, instruction)
    stage.configure(f"USER {name}", user=name)


def stopsignal(stage: Stage, instruction: Instruction) -> None:
    """``STOPSIGNAL``."""
    name = _text(stage, instruction)
    stage.configure(f"STOPSIGNAL {name}", stop_signal=name)


def maintainer(stage: Stage, instruction: Instruction) -> None:
    """``MAINTAINER``, which is deprecated: the image's author."""
    name = cast(Text, instruction.payload).text
    stage.config = replace(stage.config, author=name)
    stage.configured(f"MAINTAINER {name}")


def _text(stage: Stage, instruction: Instruction) -> str:
    return stage.expand(instruction, cast(Text, instruction.payload).text)


def shell(stage: Stage, instruction: Instruction) -> None:
    """``SHELL``."""
    words = cast(ShellWords, instruction.payload).words
    stage.configure(f"SHELL {json.dumps(words)}", shell=words)


def healthcheck(stage: Stage, instruction: Instruction) -> None:
    """``HEALTHCHECK``."""
    payload = cast(Health, instruction.payload)
    if payload.command is None:
        test: tuple[str, ...] = ("NONE",)
    elif payload.command.words is not None:
        test = ("CMD", *payload.command.words)
    else:
        test = ("CMD-SHELL", payload.command.text)
    check = Healthcheck(
        test, payload.interval, payload.timeout, payload.start_period, payload.start_interval, payload.retries
    )
    stage.configure(f"HEALTHCHECK {instruction.value}", healthcheck=check)


def onbuild(stage: Stage, instruction: Instruction) -> None:
    """``ONBUILD``: kept for the child."""
    text = cast(OnBuild, instruction.payload).text
    stage.configure(f"ONBUILD {text}", on_build=(*stage.config.container.on_build, text))
