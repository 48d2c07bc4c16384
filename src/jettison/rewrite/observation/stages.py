"""The user's own stages, as they are, with a name for the one that the rest copies from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jettison.dockerfile import Dockerfile, Stage, edit, parse, select, stages
from jettison.errors import Unsupported
from jettison.oci.config import ContainerConfig


@dataclass(frozen=True, slots=True)
class Original:
    """``dockerfile`` builds the original as its stage ``name``; ``others`` are the names that are taken."""

    dockerfile: Dockerfile
    name: str
    others: frozenset[str]

    @property
    def escape(self) -> str:
        """The escape character of the Dockerfile."""
        return self.dockerfile.escape

    def free_name(self, wanted: str) -> str:
        """``wanted``, or with a number where that is taken."""
        return _free(wanted, self.others)


def original(dockerfile: Dockerfile | None, image: str, container: ContainerConfig, target: str | None) -> Original:
    """The stages that build the original: the user's, or ``image`` itself. Raises ``NotFound``, ``Unsupported``."""
    if dockerfile is None:
        if container.on_build:
            raise Unsupported(f"cannot write a Dockerfile onto {image}: its ONBUILD triggers would run")
        return Original(parse(f"FROM {image} AS build\n"), "build", frozenset({"build"}))
    every = stages(dockerfile)
    names = frozenset(stage.name for stage in every if stage.name)
    chosen = select(every, target)
    if chosen.name:
        return Original(dockerfile, chosen.name, names)
    name = _free("build", names)
    return Original(_named(dockerfile, chosen, name), name, names | {name})


def _named(dockerfile: Dockerfile, stage: Stage, name: str) -> Dockerfile:
    """With a name for ``stage``: behind what its FROM says, or, where a comment ends that, in one line."""
    found = edit.replace(dockerfile, stage.head, f"{stage.head.source.rstrip()} AS {name}")
    if len(stages(found)) == len(stages(dockerfile)) and stages(found)[stage.index].name == name:
        return found
    platform = f"--platform={stage.base.platform} " if stage.base.platform else ""
    return edit.replace(dockerfile, stage.head, f"FROM {platform}{stage.base.image} AS {name}")


def _free(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, ``wanted-2``, ``wanted-3`` …"""
    taken, number, name = set(taken), 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
