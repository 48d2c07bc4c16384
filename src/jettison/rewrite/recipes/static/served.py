"""Which program serves files, from which directory, on which port, and by which rules."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, replace

from jettison.errors import Unsupported
from jettison.rewrite import shell
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.simple import exec_words

#: Servers that build in memory: the command that builds to files, and where it puts them.
_LIVE: dict[tuple[str, ...], tuple[str, str, int]] = {
    ("mkdocs", "serve"): ("mkdocs build", "site", 8000),
    ("hugo", "server"): ("hugo", "public", 1313),
    ("hugo", "serve"): ("hugo", "public", 1313),
    ("jekyll", "serve"): ("jekyll build", "_site", 4000),
    ("jekyll", "s"): ("jekyll build", "_site", 4000),
}
_RUNNERS = (
    ("npx",),
    ("bunx",),
    ("pnpm", "exec"),
    ("pnpm", "dlx"),
    ("yarn", "dlx"),
    ("bundle", "exec"),
    ("poetry", "run"),
)
_PORT = ("-p", "--port", "-l", "--listen", "-a", "--dev-addr", "-P")
_DIRECTORY = ("-d", "--directory", "--outDir")
#: Options whose values say nothing of what is served.
_OTHER = ("-b", "--bind", "--host", "-H", "-c", "--baseURL", "--bind-address")


@dataclass(frozen=True, slots=True)
class Served:
    """``kind`` is the server; ``single`` says that its index answers for every page; ``build`` is a step that must be
    done first."""

    kind: str
    directory: str
    port: int
    single: bool = False
    build: str = ""


def served(project: Project) -> Served | None:
    """What the image serves; ``None`` where it starts something else. Raises ``Unsupported`` for rules of its own."""
    words = _words(project)
    kind = _kind(words)
    if not kind:
        return None
    _check_rules(project, kind, words)
    if live := _LIVE.get(words[:2]):
        build, place, port = live
        directory = posixpath.join(project.workdir, _value(words, ("-d", "--destination")) or place)
        return Served(kind, directory, _port(words, port), build=f"RUN {build}")
    rest = _operands(words[3:] if kind == "python" else words[2:] if words[:2] == ("vite", "preview") else words[1:])
    environment = project.config.environment.get("PORT", "")
    match kind:
        case "python":
            port = int(rest[0]) if rest and rest[0].isdecimal() else 8000
            return Served(kind, _place(project, _value(words, _DIRECTORY)), port)
        case "vite":
            return Served(kind, _place(project, _value(words, _DIRECTORY) or "dist"), _port(words, 4173), single=True)
        case "http-server":
            place = rest[0] if rest else ("public" if project.has("public") else ".")
            return Served(kind, _place(project, place), _port(words, int(environment or 8080)))
    single = bool({"-s", "--single"} & set(words))
    return Served(kind, _place(project, rest[0] if rest else "."), _port(words, int(environment or 3000)), single)


def bare_start(project: Project) -> Start:
    """The start without the entry point of Node.js's images, which starts what follows it."""
    if project.config.entrypoint == ("docker-entrypoint.sh",):
        project = replace(project, config=replace(project.config, entrypoint=None))
    return start(project)


def _words(project: Project) -> tuple[str, ...]:
    """The words of the server, without what starts it."""
    words = bare_start(project).words
    if words[:1] in (("npm",), ("yarn",), ("pnpm",)):
        name = words[-1] if len(words) > 1 else ""
        text = _script(project, name)
        words = (exec_words(shell.parse(text, 0)) or ()) if text else words
    for runner in _RUNNERS:
        if words[: len(runner)] == runner:
            words = words[len(runner) :]
    while words and words[0] in ("-y", "--yes", "--"):
        words = words[1:]
    return (posixpath.basename(words[0]), *words[1:]) if words else ()


def _script(project: Project, name: str) -> str:
    try:
        found = json.loads(project.read("package.json") or "{}")
    except ValueError:
        return ""
    scripts = found.get("scripts") if isinstance(found, dict) else None
    if not isinstance(scripts, dict) or f"pre{name}" in scripts:
        return ""
    return str(scripts.get(name, ""))


def _kind(words: tuple[str, ...]) -> str:
    if words[:2] in _LIVE:
        return words[0]
    if words and re.fullmatch(r"python[\d.]*", words[0]) and words[1:3] == ("-m", "http.server"):
        return "python"
    if words[:2] == ("vite", "preview"):
        return "vite"
    return words[0] if words[:1] in (("serve",), ("http-server",)) else ""


def _check_rules(project: Project, kind: str, words: tuple[str, ...]) -> None:
    if kind == "serve" and (project.has("serve.json") or project.has("public/serve.json")):
        raise Unsupported("cannot rewrite a Dockerfile whose serve.json has rules: nginx would need them as its own")
    if {"--proxy", "--ssl-cert", "--cert", "--cgi", "-S"} & set(words):
        raise Unsupported(f"cannot rewrite a Dockerfile that starts {' '.join(words)}: it does more than serve files")


def _operands(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that are neither options nor their values."""
    found = []
    for before, word in zip(("", *words), words, strict=False):
        if not word.startswith("-") and before not in (*_PORT, *_DIRECTORY, *_OTHER):
            found.append(word)
    return tuple(found)


def _value(words: tuple[str, ...], names: tuple[str, ...]) -> str:
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word in names:
            return following
        if word.partition("=")[0] in names and "=" in word:
            return word.partition("=")[2]
    return ""


def _port(words: tuple[str, ...], usual: int) -> int:
    found = re.search(r"(\d+)$", _value(words, _PORT))
    return int(found[1]) if found else usual


def _place(project: Project, directory: str) -> str:
    return posixpath.normpath(posixpath.join(project.workdir, directory or "."))
