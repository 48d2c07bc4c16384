"""Node.js: what the application needs to run, without what it needed to be built, on a small Node.js image."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from jettison.bases import Needs, Variant, language
from jettison.errors import InvalidReference
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.borrowed import lend
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.interpreted import whole
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.steps import steps
from jettison.rewrite.recipes.support import runtime_packages

_MANAGERS = ("npm", "yarn", "pnpm")
_INSTALLS = frozenset({"install", "i", "ci", "add", "clean-install"})
_SPAWNS = r"\bchild_process\b|\bexeca\b|\bshelljs\b"
_SOURCES = (".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx")
#: Where published images have the program.
NODE = "/usr/local/bin/node"
_DISTROLESS_NODE = "/nodejs/bin/node"


@dataclass(frozen=True, slots=True)
class Node:
    """A stage that installs packages with npm, yarn or pnpm, by itself or by the triggers of its base."""

    name: str = "node"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image of the same Node.js version, and one on libraries alone, with the program itself."""
        package = _package(project)
        if not package or not any(step.command.name in _MANAGERS for step in steps(project)):
            return
        begin = begin_of(project)
        if not begin.words or _is_build_tool(begin, package):
            return
        last = [*_standalone_check(project), *_prune(project, package, begin)]
        native = is_native(project)
        packages = runtime_packages(project)
        needs = Needs(
            libc="glibc" if native else "",
            shell=begin.shell or begin.words[0] in _MANAGERS or spawns(project),
            package_manager="apt" if packages else "",
            user="",
        )
        for base in images_of(project):
            lent, wants = lend(project, base, needs, NODE)
            copies = [*dict.fromkeys(_copies(project, base)), *lent]
            final = Final(base.reference, copies, on(base, begin), support.install(base, packages))
            plain = _plain_base(project)
            text = compose(project, final, last=last, base=plain)
            yield Candidate(self.name, text, base, wants, images=(plain,) if plain else ())


def spawns(project: Project) -> bool:
    """Whether the application's own sources start other programs."""
    return support.mentions(project, _SPAWNS, _SOURCES)


def _plain_base(project: Project) -> str:
    """For an image with triggers, the one that it stands on, so that what they do can be read in the Dockerfile."""
    image, major = project.stage.base.image, version(project)
    known = project.triggers and image.endswith("node:onbuild") and major.isdecimal()
    return f"{image.rpartition(':')[0]}:{major}" if known else ""


def _package(project: Project) -> dict[str, Any]:
    try:
        found = json.loads(project.read("package.json") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def version(project: Project) -> str:
    """The major version of Node.js: what the image says of itself, else what the tag says."""
    said = project.config.environment.get("NODE_VERSION", "").partition(".")[0]
    if said:
        return said
    try:
        known = language(project.stage.base.image, project.extra)
    except InvalidReference:
        return "latest"
    return known[1] if known and known[0] == "node" else "latest"


def begin_of(project: Project) -> Start:
    """Without the published entry point, which starts what follows it, and with what npm would start."""
    begin = start(project)
    if begin.entrypoint != ("docker-entrypoint.sh",) or not begin.cmd:
        return begin
    bare = start(replace(project, config=replace(project.config, entrypoint=None)))
    program = bare.words[0] if bare.words else ""
    return replace(bare, changed=True) if program == "node" or "/" in program else begin


def _is_build_tool(begin: Start, package: dict[str, Any]) -> bool:
    """Whether what is started comes from the packages for development only: then nothing can be left out."""
    name = posixpath.basename(begin.words[0])
    return name in ("nodemon", "ts-node", "ts-node-dev", "tsx") and name in (package.get("devDependencies") or {})


def _installed_all(project: Project) -> bool:
    """Whether packages for development were installed."""
    if project.config.environment.get("NODE_ENV") == "production":
        return False
    installs = [s for s in steps(project) if s.command.name in _MANAGERS and _installs(s.command.operands)]
    omitting = {"--production", "--prod", "-P", "--omit"}
    return any(not (s.command.options & omitting) and "--only=production" not in s.instruction.source for s in installs)


def _installs(operands: tuple[Any, ...]) -> bool:
    return not operands or operands[0].value in _INSTALLS


def _prune(project: Project, package: dict[str, Any], begin: Start) -> Iterator[str]:
    """The step that takes packages for development away again."""
    used = {posixpath.basename(word) for word in begin.words}
    development = set(package.get("devDependencies") or {})
    if not development or development & used or not _installed_all(project):
        return
    managers = [s.command.name for s in steps(project) if s.command.name in _MANAGERS and _installs(s.command.operands)]
    major = version(project)
    match managers[-1] if managers else "npm":
        case "yarn":
            yield "RUN yarn install --production --ignore-scripts --prefer-offline && yarn cache clean"
        case "pnpm":
            yield "RUN CI=true pnpm prune --prod --ignore-scripts"
        case _:
            old = major.isdecimal() and int(major) < 16
            yield f"RUN npm prune {'--production' if old else '--omit=dev'}"


def _standalone_check(project: Project) -> Iterator[str]:
    """Next.js keeps what it compiled for the next compilation."""
    if _is_next(project):
        yield "RUN rm -rf .next/cache"


def _is_next(project: Project) -> bool:
    return any(project.has(f"next.config.{ending}") for ending in ("js", "mjs", "ts"))


def is_native(project: Project) -> bool:
    """Whether the packages hold machine code for one C library."""
    if project.tree is not None:
        below = f"{project.workdir.rstrip('/')}/node_modules/"
        return any(path.endswith(".node") and path.startswith(below) for path in project.tree)
    return bool(
        re.search(
            r'"(node-gyp|node-pre-gyp|prebuild-install|node-gyp-build|bindings)"', project.read("package-lock.json")
        )
    )


def images_of(project: Project) -> Iterator[Variant]:
    yield from support.bases(project, "node", version(project))
    if support.there(project, NODE):
        yield from (base for base in support.bases(project, "native") if "/distroless/cc-" in base.reference)


def bare(base: Variant) -> bool:
    """Whether the base has no Node.js, so that the program comes along."""
    return "/distroless/cc-" in base.reference


def _copies(project: Project, base: Variant) -> Iterator[str]:
    yield from support.surroundings(project, base, certificates=base.certificates)
    if bare(base):
        yield from_build(project, NODE, to=NODE)
    yield from whole(project, *(("/node_modules",) if project.workdir == "/" else ()))


def on(base: Variant, begin: Start) -> Start:
    """The start as it must be said on a base: distroless Node.js is an entry point, at another place."""
    if base.family != "distroless" or bare(base) or begin.words[0] != "node":
        return begin
    return Start((_DISTROLESS_NODE,), begin.words[1:] or None, shell=False, changed=True)
