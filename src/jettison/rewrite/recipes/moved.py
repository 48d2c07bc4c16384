"""Where built files are at the end: steps copy and move them after they were built."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from jettison.filetree import Kind
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import Step, steps

_DIRECTORIES = frozenset({"/", "/bin", "/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin", "/sbin", "/opt"})
#: Options of ``install`` and ``cp`` whose value is a word of its own.
_VALUED = frozenset({"-m", "-o", "-g", "-t", "-S"})


def moved(project: Project, made: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """For each of the files ``made`` (absolute paths) every place where it is at the end, the first one first."""
    groups = [[path] for path in made]
    for step in steps(project):
        for source, target in _pairs(project, step):
            for group in groups:
                if source in group and target not in group:
                    group.append(target)
                    if step.command.name == "mv":
                        group.remove(source)
    return tuple(tuple(group) for group in groups)


def chosen(groups: Iterable[tuple[str, ...]], started: str) -> tuple[str, ...]:
    """One place of each file: that which is started, else the last, because what is copied away is often removed."""
    return tuple(dict.fromkeys(started if started in group else group[-1] for group in groups))


def _pairs(project: Project, step: Step) -> Iterator[tuple[str, str]]:
    """What is copied to where."""
    if step.command.name not in ("cp", "mv", "install", "ln") or step.command.apart:
        return
    words = _operands(step)
    if len(words) < 2:
        return
    target = step.at(words[-1])
    into = len(words) > 2 or words[-1].endswith(("/", "/.")) or words[-1] == "." or _is_directory(project, target)
    for word in words[:-1]:
        yield step.at(word), posixpath.join(target, posixpath.basename(word)) if into else target


def _operands(step: Step) -> list[str]:
    found: list[str] = []
    skip = False
    for word in step.command.arguments:
        if not skip and not word.text.startswith("-"):
            found.append(word.value or "")
        skip = not skip and word.text in _VALUED
    return found


def _is_directory(project: Project, path: str) -> bool:
    entry = project.tree.resolve(path) if project.tree is not None else None
    return path in _DIRECTORIES or (entry is not None and entry.kind is Kind.DIRECTORY)
