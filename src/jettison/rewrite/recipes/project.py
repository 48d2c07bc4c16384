"""Gather what recipes read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jettison.configuration import BaseEntry
from jettison.dockerfile import Context, Dockerfile, expand, parse_onbuild, select, stages
from jettison.dockerfile.stages import meta_args
from jettison.filetree import FileTree
from jettison.oci.config import ContainerConfig
from jettison.rewrite.recipes.effective import effective
from jettison.rewrite.recipes.model import Project


def open_project(
    dockerfile: Dockerfile,
    context: Context,
    *,
    base: ContainerConfig | None = None,
    built: ContainerConfig | None = None,
    tree: FileTree | None = None,
    target: str | None = None,
    args: Mapping[str, str] | None = None,
    extra: Sequence[BaseEntry] = (),
    kept: Iterable[str] = (),
) -> Project:
    """The project of a Dockerfile.

    ``base`` is the configuration of the image that the stage begins with; ``built`` and ``tree`` are those of the
    image that it builds, ``kept`` what a plan keeps of it. What is not known is worked out from the text. Raises
    ``NotFound`` for a target that is none, and ``DockerfileError`` for triggers that are no instructions.
    """
    stage = select(stages(dockerfile), target)
    triggers = tuple(parse_onbuild(text) for text in (base.on_build if base else ()))
    if built is None:
        outer = _outer(dockerfile, args or {})
        built = effective(base or ContainerConfig(), (*triggers, *stage.instructions), outer, dockerfile.escape)
    return Project(
        dockerfile, context, built, stage, triggers, base or ContainerConfig(), tree, tuple(extra), frozenset(kept)
    )


def _outer(dockerfile: Dockerfile, args: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, default in meta_args(dockerfile):
        if default is not None:
            values[name] = expand(default, values, dockerfile.escape)
    return values | dict(args)
