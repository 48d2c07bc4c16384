"""What each instruction does to a stage: one small function for each keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jettison.builder.stage import Stage
from jettison.builder.steps import configure, copy, run, workdir
from jettison.dockerfile.model import Instruction

Step = Callable[[Stage, Instruction], None]

STEPS: Mapping[str, Step] = {
    "ADD": copy.add,
    "ARG": configure.arg,
    "CMD": configure.cmd,
    "COPY": copy.copy,
    "ENTRYPOINT": configure.entrypoint,
    "ENV": configure.env,
    "EXPOSE": configure.expose,
    "HEALTHCHECK": configure.healthcheck,
    "LABEL": configure.label,
    "MAINTAINER": configure.maintainer,
    "ONBUILD": configure.onbuild,
    "RUN": run.run,
    "SHELL": configure.shell,
    "STOPSIGNAL": configure.stopsignal,
    "USER": configure.user,
    "VOLUME": configure.volume,
    "WORKDIR": workdir.workdir,
}
