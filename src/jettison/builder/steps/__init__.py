"""What each instruction does to a stage: one small function for each keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jettison.builder.stage import Stage
from jettison.builder.steps import configure
from jettison.builder.steps.copy import add, copy
from jettison.builder.steps.run import run
from jettison.builder.steps.workdir import workdir
from jettison.dockerfile.model import Instruction

Step = Callable[[Stage, Instruction], None]

STEPS: Mapping[str, Step] = {
    "ADD": add,
    "ARG": configure.arg,
    "CMD": configure.cmd,
    "COPY": copy,
    "ENTRYPOINT": configure.entrypoint,
    "ENV": configure.env,
    "EXPOSE": configure.expose,
    "HEALTHCHECK": configure.healthcheck,
    "LABEL": configure.label,
    "MAINTAINER": configure.maintainer,
    "ONBUILD": configure.onbuild,
    "RUN": run,
    "SHELL": configure.shell,
    "STOPSIGNAL": configure.stopsignal,
    "USER": configure.user,
    "VOLUME": configure.volume,
    "WORKDIR": workdir,
}
