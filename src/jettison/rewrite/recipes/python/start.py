"""How a Python program is started, without the package manager in front of it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from jettison.errors import Unsupported
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.python.environment import Environment
from jettison.rewrite.recipes.sources import in_context

_MANAGER = re.compile(r"(?<![\w./-])(poetry|pipenv|uv|uvx|pipx|pdm|hatch)(?![\w.-])")
_HARMLESS = frozenset({"--no-sync", "--frozen", "--locked", "--no-dev", "--offline", "--quiet", "-q", "--"})
_SHEBANG = re.compile(r"#!\s*(?:/usr/bin/env\s+)?(?:\S*/)?(\w+)")


def begin(project: Project, where: Environment) -> Start:
    """The start in the environment. Raises ``Unsupported`` where it needs a package manager."""
    first = start(project)
    words = _bare(first.words)
    if words != first.words:
        found = (posixpath.join(where.path, "bin", words[0]), *words[1:]) if _hidden(project, where, words) else words
        first = replace(first, entrypoint=None, cmd=found, changed=True)
    text = " ".join(first.words) + "\n" + _script(project, first)
    if manager := _MANAGER.search(text):
        raise Unsupported(f"cannot rewrite {project.stage.base.image}: what is started needs {manager[1]}")
    return first


def is_python(project: Project) -> bool:
    """Whether Python itself is started."""
    words = start(project).words
    return bool(words) and bool(re.match(r"python[\d.]*$", posixpath.basename(words[0])))


def script_of(project: Project, begin: Start) -> str:
    """The shell (``sh``, ``bash``) of a script of the context that is started; ``""`` for another program."""
    found = _SHEBANG.match(_script(project, begin))
    shell = found[1] if found else ""
    named = posixpath.basename(begin.words[0]) if begin.words else ""
    if named in ("sh", "bash", "ash", "dash"):
        return "bash" if "bash" in (named, shell) else "sh"
    return shell if shell in ("sh", "bash", "ash", "dash") else ""


def _script(project: Project, begin: Start) -> str:
    """The text of the script of the context that is started."""
    for word in begin.words[:3]:
        place = posixpath.normpath(posixpath.join(project.workdir, word))
        if source := in_context(project, place):
            text = project.read(source)
            return text if text.startswith("#!") or source.endswith(".sh") else ""
    return ""


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without ``poetry run``, ``pipenv run``, and ``uv run`` with options that change nothing."""
    if words[:2] not in (("poetry", "run"), ("pipenv", "run"), ("uv", "run")):
        return words
    rest = words[2:]
    while words[0] == "uv" and rest and rest[0] in _HARMLESS:
        rest = rest[1:]
    if not rest or rest[0].startswith("-"):
        return words
    return ("python", *rest) if words[0] == "uv" and rest[0].endswith(".py") else rest


def _hidden(project: Project, where: Environment, words: tuple[str, ...]) -> bool:
    """Whether a program is of an environment that is not on PATH."""
    path = project.config.environment.get("PATH", "")
    return bool(where.path) and not where.made and f"{where.path}/bin" not in path and "/" not in words[0]
