"""What a program may read or write beside itself: data of the context, what steps made, directories with owners."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from jettison.filetree import FileTree, Kind
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.data import NEVER, data_files
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import placed, steps

#: Directories that hold nothing but the system; a program's own files are never all of one of these.
_SYSTEM = frozenset({
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/run",
    "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib",
    "/usr/local/share", "/usr/sbin", "/usr/share", "/usr/src", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run",
})  # fmt: skip
_MOST = 50_000


def beside(project: Project, sources: Sequence[str], skipped: Iterable[str] = ()) -> Iterator[str]:
    """COPY lines for all beside the program: of the built image where there is one, else of the context.

    ``sources`` are endings of names that only the build reads, ``skipped`` absolute paths that are not wanted whole.
    """
    yield from made_directories(project)
    if project.tree is None:
        yield from data_files(project, sources)
        return
    places = tuple(application(project))
    found = _largest(project.tree, places, tuple(sources), frozenset(skipped))
    yield from (owned_copy(project, path) for path in found)
    below = tuple(f"{place}/" for place in places)
    for line in data_files(project, sources):  # single files that COPY puts elsewhere: /etc/app.conf
        if not line.split()[-1].startswith(below):
            yield line


def application(project: Project) -> Iterator[str]:
    """The directories that are the program's own: where it runs, and where COPY puts directories."""
    found = {project.workdir, *(copy.destination for copy in placed(project))}
    tops = sorted(path for path in found if path not in _SYSTEM)
    for path in tops:
        if not any(path.startswith(f"{other}/") for other in tops):
            entry = project.tree.resolve(path) if project.tree is not None else None
            if entry is not None and entry.kind is Kind.DIRECTORY and entry.path == path:
                yield path


def made_directories(project: Project) -> Iterator[str]:
    """COPY lines for directories outside of the program's that a step makes: ``mkdir -p /data``."""
    own = tuple(f"{path.rstrip('/')}/" for path in (project.workdir, "/tmp", "/var/cache", "/root"))
    found: dict[str, None] = {}
    for step in steps(project):
        if step.command.name != "mkdir" or step.command.apart:
            continue
        paths = [step.at(word.value) for word in step.command.operands if word.value and not word.value.isdecimal()]
        found |= dict.fromkeys(path for path in paths if path not in _SYSTEM and not f"{path}/".startswith(own))
    for path in found:
        entry = project.tree.get(path) if project.tree is not None else None
        if project.tree is None or (entry is not None and entry.kind is Kind.DIRECTORY):
            yield owned_copy(project, path)


def owned_copy(project: Project, path: str) -> str:
    """A COPY line that keeps the owner: COPY makes everything root's."""
    entry = project.tree.get(path) if project.tree is not None else None
    if entry is not None:
        return from_build(project, path, to=path, chown=f"{entry.uid}:{entry.gid}" if entry.uid or entry.gid else "")
    return from_build(project, path, to=path, chown=_owner(project, path))


def _owner(project: Project, path: str) -> str:
    """Whom ``chown`` gives a path, or one above it."""
    owner = ""
    for step in steps(project):
        words = [word.value or "" for word in step.command.operands]
        if step.command.name == "chown" and len(words) > 1 and re.fullmatch(r"[\w.-]+(:[\w.-]*)?", words[0]):
            given = [step.at(word).rstrip("/") for word in words[1:]]
            owner = words[0] if any(f"{path}/".startswith(f"{place}/") for place in given) else owner
    return owner


def _largest(tree: FileTree, places: Sequence[str], sources: tuple[str, ...], skipped: frozenset[str]) -> list[str]:
    """The fewest paths that cover what is no source: a directory where all in it is wanted."""
    found: list[str] = []
    for place in places:
        paths = _below(tree, place, skipped)
        unwanted = {path for path in paths if path in skipped or _is_source(tree, path, place, sources)}
        mixed = {place}
        for path in unwanted:
            while (path := posixpath.dirname(path)) not in mixed:
                mixed.add(path)
        data = [path for path in paths if path not in unwanted and path not in mixed]
        found += [path for path in data if posixpath.dirname(path) in mixed]
    return found


def _below(tree: FileTree, place: str, skipped: frozenset[str]) -> list[str]:
    """Every path below a place, without what is below skipped ones; at most so many that nobody copies them."""
    found: list[str] = []
    waiting = list(reversed(tree.children(place)))
    while waiting and len(found) < _MOST:
        path = waiting.pop()
        found.append(path)
        if path not in skipped and not NEVER.search(path[len(place) :]):
            waiting += reversed(tree.children(path))
    return found


def _is_source(tree: FileTree, path: str, place: str, sources: tuple[str, ...]) -> bool:
    directory = tree[path].kind is Kind.DIRECTORY
    return bool(NEVER.search(path[len(place) :])) or (not directory and path.endswith(sources))
