"""Where the plan starts: what was seen, what the image's configuration names, what the user asked for."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from jettison.closure.model import Evidence
from jettison.errors import NotFound
from jettison.filetree import FileTree, Kind
from jettison.observe.model import Observation
from jettison.oci.config import ContainerConfig
from jettison.packages.model import Package
from jettison.plan.globs import covered
from jettison.plan.model import Wishes

T = TypeVar("T")
Seeds = dict[str, set[Evidence]]

#: What a shell and ``env`` assume where PATH is not set (execvp(3) and Docker's default).
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: What a person who looks into a container types.
USUAL_COMMANDS = (
    "cat", "chmod", "chown", "cp", "cut", "date", "df", "du", "echo", "env", "find", "grep", "head", "hostname", "id",
    "kill", "ln", "ls", "mkdir", "mv", "ps", "pwd", "readlink", "rm", "sed", "sleep", "sort", "stat", "tail", "test",
    "touch", "tr", "uname", "wc", "whoami", "xargs",
)  # fmt: skip
_SHELLS = ("/bin/sh", "/bin/bash", "/bin/ash", "/bin/busybox")


def add(seeds: Seeds, path: str, *evidence: Evidence) -> None:
    """One more reason for ``path``."""
    seeds.setdefault(path, set()).update(evidence)


def observed(tree: FileTree, observation: Observation) -> Seeds:
    """What was opened or executed in any run, as far as the image has it."""
    return {path: set(evidence) for path, evidence in observation.opened.items() if path in tree}


def find_command(tree: FileTree, word: str, container: ContainerConfig) -> str | None:
    """The path at which a container of this configuration would find the program ``word``."""
    if "/" in word:
        path = word if word.startswith("/") else f"{container.working_dir or '/'}/{word}"
        return path if tree.resolve(path) else None
    search = container.environment.get("PATH") or DEFAULT_PATH
    return next((f"{place}/{word}" for place in search.split(":") if _runs(tree, f"{place}/{word}")), None)


def _runs(tree: FileTree, path: str) -> bool:
    entry = tree.resolve(path)
    return entry is not None and entry.is_executable


def configured(tree: FileTree, container: ContainerConfig) -> Seeds:
    """Paths and commands that the image's configuration names."""
    seeds: Seeds = {}
    for label, words in _commands(container):
        for word in words:
            path = find_command(tree, word, container)
            if path:
                add(seeds, path, Evidence("config", label))
    places = [("WORKDIR", container.working_dir), *(("VOLUME", path) for path in container.volumes)]
    places += [("USER", home) for home in _homes(tree, container.user)]
    for label, path in places:
        if path and tree.resolve(path):
            add(seeds, path, Evidence("config", label))
    for name, path in _named_in_environment(tree, container.environment):
        add(seeds, path, Evidence("config", f"ENV {name}"))
    return seeds


def _commands(container: ContainerConfig) -> Iterator[tuple[str, list[str]]]:
    """Each command of the configuration, as the words of it that could be programs or files."""
    yield "ENTRYPOINT", _words(container.entrypoint or ())
    yield "CMD", _words(container.cmd or ())
    health = container.healthcheck.test if container.healthcheck else ()
    if health and health[0] == "CMD":
        yield "HEALTHCHECK", _words(health[1:])
    elif health and health[0] == "CMD-SHELL":
        yield "HEALTHCHECK", _words((*(container.shell or ("/bin/sh", "-c")), *health[1:]))


def _words(arguments: Iterable[str]) -> list[str]:
    """The arguments, and the words of those that are shell commands."""
    found: list[str] = []
    for argument in arguments:
        found.append(argument)
        if re.search(r"[\s;&|]", argument):
            found += _split(argument)
    return [word for word in found if word and not word.startswith("-")]


def _split(command: str) -> list[str]:
    """Words of a shell command, its operators taken away; a broken quotation gives the plain words."""
    plain = re.sub(r"[;&|()<>`$]+", " ", command)
    try:
        return shlex.split(plain)
    except ValueError:
        return plain.split()


def _homes(tree: FileTree, user: str) -> list[str]:
    """The home directory of ``user`` (``name``, ``uid``, either with ``:group``), from the image's accounts."""
    name = user.partition(":")[0] or "0"
    accounts = tree.resolve("/etc/passwd")
    if accounts is None or accounts.kind is not Kind.FILE:
        return []
    lines = tree.read(accounts, 1 << 20).decode("utf-8", "surrogateescape").splitlines()
    fields = [line.split(":") for line in lines]
    return [field[5] for field in fields if len(field) > 6 and name in (field[0], field[2])]


def _named_in_environment(tree: FileTree, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables whose value is an absolute path of the image, or a list of such."""
    for name, value in environment.items():
        if name == "PATH":
            continue
        for part in value.split(":"):
            if part.startswith("/") and part != "/" and tree.resolve(part):
                yield name, part


def wished(tree: FileTree, wishes: Wishes, packages: Iterable[Package], container: ContainerConfig) -> Seeds:
    """What the user asked for. Raises ``NotFound`` where a wish names nothing of the image."""
    seeds: Seeds = {}
    for pattern in wishes.include:
        for path in _some(covered(tree, pattern), f"--include {pattern}"):
            add(seeds, path, Evidence("include", f"--include {pattern}"))
    for name in wishes.packages:
        found = [package for package in packages if package.name == name]
        for package in _some(found, f"--include-package {name}"):
            for path in package.files:
                add(seeds, path, Evidence("include", f"--include-package {name}"))
    for word in wishes.binaries:
        at = find_command(tree, word, container)
        for program in _some([at] if at else [], f"--include-bin {word}"):
            add(seeds, program, Evidence("include", f"--include-bin {word}"))
    for program in _shell(tree, container) if wishes.shell else ():
        add(seeds, program, Evidence("include", "--include-shell"))
    return seeds


def _shell(tree: FileTree, container: ContainerConfig) -> list[str]:
    """A shell and the usual commands, those of them that the image has."""
    shells = [path for path in _SHELLS if tree.resolve(path)]
    commands = (find_command(tree, name, container) for name in USUAL_COMMANDS)
    return _some(shells[:1], "--include-shell") + [path for path in commands if path]


def _some(found: Iterable[T], wish: str) -> list[T]:
    several = list(found)
    if not several:
        raise NotFound(f"cannot fulfil {wish}: the image has nothing of that name")
    return several
