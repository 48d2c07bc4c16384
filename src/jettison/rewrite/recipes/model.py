"""What a recipe reads, and what it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Protocol

from jettison.bases import Needs, Variant
from jettison.configuration import BaseEntry
from jettison.dockerfile import Context, Dockerfile, Instruction, Stage
from jettison.filetree import FileTree
from jettison.oci.config import ContainerConfig
from jettison.packages import catalog
from jettison.rewrite.sheet import Sheet

#: Bytes of a file of the context that a recipe reads; no manifest is longer.
_LIMIT = 4 << 20


@dataclass(frozen=True)
class Project:
    """A Dockerfile with its context, and what is known of the image that it builds.

    ``base`` is how the image runs that the stage begins with, as far as it is known; ``triggers`` are its ONBUILD
    instructions, which come right behind FROM. ``config`` is how the
    original image runs: read off the image where one was built (then ``tree`` is its root file system), else worked
    out from the text. ``extra`` are the user's entries beside the catalogue of bases.
    """

    dockerfile: Dockerfile
    context: Context
    config: ContainerConfig
    stage: Stage
    triggers: tuple[Instruction, ...] = ()
    base: ContainerConfig = field(default_factory=ContainerConfig)
    tree: FileTree | None = None
    extra: Sequence[BaseEntry] = ()
    kept: frozenset[str] = frozenset()

    @cached_property
    def sheet(self) -> Sheet:
        """The Dockerfile as rules see it."""
        return Sheet(self.dockerfile, self.context)

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """What is done in the stage, triggers first."""
        return (*self.triggers, *self.stage.instructions)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path of the context, relative, sorted, at most 20,000: more are nobody's source."""
        found: list[str] = []
        for path in self.context.paths():
            found.append(path)
            if len(found) == 20_000:
                break
        return tuple(found)

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The distribution's package that each path of the built image is of; empty where none was built."""
        found = catalog(self.tree) if self.tree is not None else ()
        return {path: package.name for package in found if package.is_distribution for path in package.files}

    def has(self, path: str) -> bool:
        """Whether the context has a path."""
        return self.context.has(path)

    def read(self, path: str) -> str:
        """A text of the context; ``""`` where there is none, or none that is text."""
        if not self.context.has(path):
            return ""
        outside = self.context.directory / path
        try:
            if not outside.is_file() or not outside.resolve().is_relative_to(self.context.directory.resolve()):
                return ""
            with outside.open("rb") as file:
                return file.read(_LIMIT).decode("utf-8", "replace")
        except OSError:
            return ""

    @property
    def workdir(self) -> str:
        """Where the program runs; absolute."""
        return str(PurePosixPath("/", self.config.working_dir or "/"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Dockerfile that may do, by ``recipe``. Its last stage stands on ``base``, which must have ``needs``.

    ``images`` are other images that it begins stages with and that the original did not; ``notes`` what a reader
    should know.
    """

    recipe: str
    dockerfile: str
    base: Variant
    needs: Needs = field(default_factory=Needs)
    images: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Recipe(Protocol):
    """One kind of program. ``name`` is a word."""

    @property
    def name(self) -> str: ...

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """Dockerfiles for the project, none where the recipe is not for it.

        Raises ``Unsupported`` ("cannot …: reason") where it is for it, but cannot help.
        """
        ...
