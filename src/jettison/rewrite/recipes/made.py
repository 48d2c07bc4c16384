"""What a program may read or write beside itself: data of the context, what steps made, directories with owners."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jettison.filetree import FileTree, Kind
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.data import NEVER, data_files
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import placed, steps

#: Directories that hold nothing but the system; a program's own files are never all of one of these.
SYSTEM = frozenset({
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/run",
    "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib",
    "/usr/local/share", "/usr/sbin", "/usr/share", "/usr/src", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run",
})  # fmt: skip
_MOST = 50_000
_REDIRECTION = re.compile(r"1?>>?\s*(/[\w./+@-]+)")
#: Where a build may leave what runs.
_NEVER_BUILT = re.compile(
    NEVER.pattern.replace("|target|build|dist", "")
    + r"|(^|/)(CMakeFiles|\.deps|autom4te\.cache|meson-(info|logs|private))(/|$)",
    re.IGNORECASE,
)


def beside(
    project: Project, sources: Sequence[str], skipped: Iterable[str] = (), *, builds: bool = False
) -> Iterator[str]:
    """COPY lines for all beside the program: of the built image where there is one, else of the context.

    ``sources`` are endings of names that only the build reads, ``skipped`` absolute paths that are not wanted whole.
    ``builds`` says that the program's own files may be in a directory that is called like one of the build.
    """
    yield from made_directories(project)
    if project.tree is None:
        yield from data_files(project, sources)
        return
    places = tuple(application(project))
    never = _NEVER_BUILT if builds else NEVER
    found = _largest(project.tree, places, _Unwanted(tuple(sources), frozenset(skipped), never))
    yield from (owned_copy(project, path) for path in found)
    below = tuple(f"{place}/" for place in places)
    for line in data_files(project, sources):  # single files that COPY puts elsewhere: /etc/app.conf
        if not line.split()[-1].startswith(below):
            yield line


def application(project: Project) -> Iterator[str]:
    """The directories that are the program's own: where it runs, and where COPY puts directories."""
    found = {project.workdir, *(copy.destination for copy in placed(project))}
    tops = sorted(path for path in found if path not in SYSTEM)
    for path in tops:
        if not any(path.startswith(f"{other}/") for other in tops):
            entry = project.tree.resolve(path) if project.tree is not None else None
            if entry is not None and entry.kind is Kind.DIRECTORY and entry.path == path:
                yield path


def made_directories(project: Project) -> Iterator[str]:
    """COPY lines for directories outside of the program's that a step makes: ``mkdir -p /data``."""
    places = {project.workdir, "/tmp", "/var/cache", "/root"} - {"/"}
    own = tuple(f"{path}/" for path in places)
    found: dict[str, None] = {}
    for step in steps(project):
        if step.command.name != "mkdir" or step.command.apart:
            continue
        paths = [step.at(word.value) for word in step.command.operands if word.value and not word.value.isdecimal()]
        found |= dict.fromkeys(path for path in paths if path not in SYSTEM and not f"{path}/".startswith(own))
    found |= dict.fromkeys(path for path in project.config.volumes if path not in SYSTEM and not path.startswith(own))
    for path in found:
        entry = project.tree.get(path) if project.tree is not None else None
        if project.tree is None or (entry is not None and entry.kind is Kind.DIRECTORY):
            yield owned_copy(project, path)
    yield from (owned_copy(project, path) for path in _written(project, own))


def _written(project: Project, own: tuple[str, ...]) -> Iterator[str]:
    """Files outside of the program's directories that a step writes by ``> FILE``."""
    texts = (text for step in steps(project) if not step.command.apart for text in step.command.redirections)
    found = (match[1] for text in texts if (match := _REDIRECTION.fullmatch(text.strip())))
    for path in dict.fromkeys(found):
        entry = project.tree.get(path) if project.tree is not None else None
        exists = project.tree is None or (entry is not None and entry.kind is Kind.FILE)
        if exists and not path.startswith((*own, "/dev/", "/proc/", "/tmp/", "/var/log/")):
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


@dataclass(frozen=True, slots=True)
class _Unwanted:
    """What is not copied: endings of sources, paths, and names that nothing reads while it runs."""

    sources: tuple[str, ...]
    paths: frozenset[str]
    never: re.Pattern[str]

    def closed(self, path: str, place: str) -> bool:
        """Whether a path and all below it is unwanted."""
        return path in self.paths or bool(self.never.search(path[len(place) :]))


def _largest(tree: FileTree, places: Sequence[str], unwanted: _Unwanted) -> list[str]:
    """The fewest paths that cover what is wanted: a directory where all in it is."""
    found: list[str] = []
    for place in places:
        paths = _below(tree, place, unwanted)
        out = {path for path in paths if unwanted.closed(path, place) or _is_source(tree, path, unwanted)}
        mixed = {place}
        for path in out:
            while (path := posixpath.dirname(path)) not in mixed:
                mixed.add(path)
        data = [path for path in paths if path not in out and path not in mixed]
        found += [path for path in data if posixpath.dirname(path) in mixed]
    return found


def _below(tree: FileTree, place: str, unwanted: _Unwanted) -> list[str]:
    """Every path below a place, without what is below unwanted ones; at most so many that nobody copies them."""
    found: list[str] = []
    waiting = list(reversed(tree.children(place)))
    while waiting and len(found) < _MOST:
        path = waiting.pop()
        found.append(path)
        if not unwanted.closed(path, place):
            waiting += reversed(tree.children(path))
    return found


def _is_source(tree: FileTree, path: str, unwanted: _Unwanted) -> bool:
    return tree[path].kind is not Kind.DIRECTORY and path.endswith(unwanted.sources)
