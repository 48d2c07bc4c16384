"""What a container really runs, without the shell and the package managers in front of it, where that is the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from jettison.rewrite import shell
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.simple import exec_words

_SHELLS = ("/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash", "sh", "bash")
#: What npm tells its scripts; a program that asks for it needs npm.
_NPM_VARIABLE = re.compile(r"\bnpm_(?:package|config|lifecycle|execpath|node)")
_SOURCES = (".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".json")


@dataclass(frozen=True, slots=True)
class Start:
    """How the program is started. ``shell`` says that it needs one; ``changed`` that the words are not the image's."""

    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    shell: bool
    changed: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Both together."""
        return (self.entrypoint or ()) + (self.cmd or ())


def start(project: Project) -> Start:
    """The start of a project's image, in exec form where that is provably the same."""
    config = project.config
    entrypoint, cmd = config.entrypoint or (), config.cmd or ()
    if len(entrypoint) == 3 and is_shell(entrypoint):
        cmd = ()  # the shell form of ENTRYPOINT takes no arguments
    new = [_plain(project, words) if words else words for words in (entrypoint, cmd)]
    if entrypoint and not is_shell(entrypoint):
        new = [entrypoint, cmd]  # CMD is arguments, not a program
    whole = (*new[0], *new[1])
    changed = whole != (*(config.entrypoint or ()), *(config.cmd or ()))
    return Start(new[0] or None, new[1] or None, is_shell(whole), changed)


def is_shell(words: tuple[str, ...]) -> bool:
    """Whether a command line is a shell with a script in its arguments."""
    return len(words) >= 3 and words[0] in _SHELLS and words[1] in ("-c", "-ec", "-lc")


def _plain(project: Project, words: tuple[str, ...]) -> tuple[str, ...]:
    """``words`` without a shell and without a package manager that only starts a script."""
    if is_shell(words) and words[1] == "-c":
        found = exec_words(shell.parse(words[2], 0))
        words = found or words
    return package_script(project, words) or words


def package_script(project: Project, words: tuple[str, ...]) -> tuple[str, ...] | None:
    """What ``npm start``, ``npm run NAME``, ``yarn NAME`` or ``pnpm NAME`` runs, where that needs no npm.

    It does where there are scripts before or after, where the script is more than a program and its words, and where
    the program's sources ask for what npm tells its scripts.
    """
    name = _script_name(words)
    if not name:
        return None
    scripts = _scripts(project)
    text = scripts.get(name) or ("node server.js" if name == "start" and project.has("server.js") else "")
    if not text or f"pre{name}" in scripts or f"post{name}" in scripts or _asks_npm(project):
        return None
    found = exec_words(shell.parse(text, 0))
    if found is None:
        return None
    return package_script(project, found) or _located(project, found)


def _script_name(words: tuple[str, ...]) -> str:
    match words:
        case ("npm" | "pnpm" | "yarn", "start" | "serve" as name) if words[0] == "yarn" or name == "start":
            return name
        case ("npm" | "pnpm" | "yarn", "run" | "run-script", name):
            return name
        case ("yarn" | "pnpm", name) if not name.startswith("-"):
            return name
    return ""


def _scripts(project: Project) -> dict[str, str]:
    try:
        found = json.loads(project.read("package.json") or "{}")
    except ValueError:
        return {}
    scripts = found.get("scripts") if isinstance(found, dict) else None
    return {str(k): str(v) for k, v in scripts.items()} if isinstance(scripts, dict) else {}


def _asks_npm(project: Project) -> bool:
    own = (path for path in project.paths if path.endswith(_SOURCES) and "node_modules/" not in path)
    return any(_NPM_VARIABLE.search(project.read(path)) for path in own if not path.startswith("package"))


def _located(project: Project, words: tuple[str, ...]) -> tuple[str, ...] | None:
    """npm looks into node_modules/.bin first: a program of a package is named by its place there."""
    if words[0] in ("node", "sh") or "/" in words[0]:
        return words
    place = f"node_modules/.bin/{words[0]}"
    if project.tree is None:
        return None  # not built: nobody knows what is there
    return (place, *words[1:]) if project.tree.get(f"{project.workdir.rstrip('/')}/{place}") else words
