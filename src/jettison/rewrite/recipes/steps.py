"""The steps of a stage with the directory in which each of their commands runs."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from jettison.dockerfile import Instruction, expand
from jettison.dockerfile.model import Copy, Run, Text
from jettison.errors import InvalidInput
from jettison.oci.config import ContainerConfig
from jettison.rewrite.fix import edited
from jettison.rewrite.model import Edit
from jettison.rewrite.recipes.effective import effective
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.shell import Command, Word
from jettison.rewrite.source import read_script


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a RUN. Its offsets are into the instruction's source; ``cwd`` is absolute."""

    instruction: Instruction
    command: Command
    cwd: str

    def at(self, path: str) -> str:
        """A path as the command means it, absolute."""
        return posixpath.normpath(posixpath.join(self.cwd, path))


@dataclass(frozen=True, slots=True)
class Placed:
    """A path of the context (``""`` is all of it) and where a COPY puts it, absolute."""

    source: str
    destination: str


def steps(project: Project) -> tuple[Step, ...]:
    """Every command that builds the stage, in order."""
    found: list[Step] = []
    for instruction, cwd in with_directories(project):
        if isinstance(instruction.payload, Run):
            found += _commands(project, instruction, cwd)
    return tuple(found)


def placed(project: Project) -> tuple[Placed, ...]:
    """What COPY and ADD take from the context, a source with a pattern as all that match."""
    found: list[Placed] = []
    for instruction, cwd in with_directories(project):
        payload = instruction.payload
        if not isinstance(payload, Copy) or payload.from_ or payload.heredocs:
            continue
        target = posixpath.join(cwd, expanded(project, payload.destination))
        words = [name for word in payload.sources for name in _matching(project, word)]
        patterns = words != list(payload.sources)
        many = patterns or len(words) > 1 or payload.destination.endswith("/") or payload.destination in (".", "./")
        for word in words:
            source = posixpath.normpath(word.lstrip("/") or ".")
            source = "" if source == "." else source
            into = many and not _is_directory(project, source)
            found.append(
                Placed(
                    source, posixpath.normpath(posixpath.join(target, posixpath.basename(source)) if into else target)
                )
            )
    return tuple(found)


def expanded(project: Project, word: str) -> str:
    """A word with the variables that the image has; as it is where it is broken, which a build will say."""
    try:
        return expand(word, project.config.environment, project.dockerfile.escape)
    except InvalidInput:
        return word


def root(project: Project) -> str:
    """Where the whole context is put; ``""`` where no COPY takes all of it."""
    return next((copy.destination for copy in placed(project) if not copy.source), "")


def in_image(project: Project, path: str) -> str:
    """Where a path of the context is in the image; ``""`` where it is not copied."""
    for copy in reversed(placed(project)):
        if path == copy.source or not copy.source:
            return posixpath.normpath(posixpath.join(copy.destination, path[len(copy.source) :].lstrip("/")))
        if path.startswith(f"{copy.source}/"):
            return posixpath.join(copy.destination, path[len(copy.source) + 1 :])
    return ""


def with_edits(instruction: Instruction, edits: Iterable[Edit]) -> str:
    """An instruction's source after edits at offsets into it."""
    return edited(instruction.source, edits)


def after(word: Word, text: str) -> Edit:
    """Put ``text`` behind a word."""
    return Edit(word.end, word.end, f" {text}")


def _matching(project: Project, word: str) -> list[str]:
    """The paths of the context that a source of COPY means, each as it stands there; a plain one is as it is."""
    if not re.search(r"[*?\[]", word):
        return [word]
    pattern = posixpath.normpath(word.lstrip("/"))
    depth = pattern.count("/")
    return [path for path in project.paths if path.count("/") == depth and fnmatch.fnmatchcase(path, pattern)]


def _is_directory(project: Project, source: str) -> bool:
    return not source or (project.context.directory / source).is_dir()


def with_directories(project: Project) -> Iterator[tuple[Instruction, str]]:
    """Every instruction with the working directory at it."""
    config = replace(_start(project), user="")
    for instruction in project.instructions:
        yield instruction, config.working_dir or "/"
        if instruction.keyword in ("WORKDIR", "ENV", "ARG"):
            config = effective(config, [instruction], {}, project.dockerfile.escape)


def _start(project: Project) -> ContainerConfig:
    """The directory that the base begins in: the image's own, where the stage sets none."""
    sets = any(isinstance(i.payload, Text) and i.keyword == "WORKDIR" for i in project.instructions)
    return ContainerConfig(env=project.config.env, working_dir="/" if sets else project.config.working_dir)


def _commands(project: Project, instruction: Instruction, cwd: str) -> Iterator[Step]:
    script = read_script(instruction, project.dockerfile.escape)
    for command in script.commands if script else ():
        yield Step(instruction, command, cwd)
        if command.name == "cd" and command.operands and not command.apart and not command.conditional:
            cwd = posixpath.normpath(posixpath.join(cwd, command.operands[0].value or "."))
