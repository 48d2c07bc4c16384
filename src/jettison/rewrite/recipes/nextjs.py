"""Next.js with ``output: 'standalone'``: the server that it wrote, with just the modules that this server loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, Variant
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.borrowed import lend
from jettison.rewrite.recipes.command import Start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.data import data_files
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.node import NODE, bare, begin_of, images_of, is_native, on, spawns
from jettison.rewrite.recipes.steps import steps

_STANDALONE = re.compile(r"\boutput\s*:\s*['\"]standalone['\"]")
_CONFIGURATIONS = ("next.config.js", "next.config.mjs", "next.config.ts")
#: What Next.js compiles; all else of the context its pages may read while it runs.
_SOURCES = (
    ".js", ".mjs", ".cjs", ".ts", ".jsx", ".tsx", ".css", ".scss", ".map", ".eslintrc.json", "package.json",
    "package-lock.json", "tsconfig.json", "jsconfig.json", "yarn.lock", "pnpm-lock.yaml",
)  # fmt: skip
_STARTS = re.compile(r"(?:.*/)?next start(?: -p \d+| --port \d+)?|node (?:\./)?\.next/standalone/server\.js")


@dataclass(frozen=True, slots=True)
class NextJs:
    """A Next.js application that is built to stand alone, and started as it is or by ``next start``."""

    name: str = "nextjs"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each base of the same Node.js version."""
        if not any(_STANDALONE.search(project.read(path)) for path in _CONFIGURATIONS):
            return
        begin = begin_of(project)
        words = " ".join(begin.words)
        if not _STARTS.fullmatch(words) or not any("build" in step.instruction.value for step in steps(project)):
            return
        port = re.search(r"(?:-p|--port) (\d+)", words)
        environment = {"HOSTNAME": "0.0.0.0"} | ({"PORT": port[1]} if port else {})
        set_already = project.config.environment
        environment = {name: value for name, value in environment.items() if name not in set_already}
        needs = Needs(libc="glibc" if is_native(project) else "", shell=spawns(project))
        for base in images_of(project):
            lent, wants = lend(project, base, needs, NODE)
            copies = [*_copies(project, base), *lent]
            start = on(base, Start(None, ("node", "server.js"), shell=False, changed=True))
            final = Final(base.reference, copies, start, environment=environment)
            yield Candidate(self.name, compose(project, final), base, wants)


def _copies(project: Project, base: Variant) -> Iterator[str]:
    here = project.workdir.rstrip("/")
    yield from support.surroundings(project, base, certificates=base.certificates)
    if bare(base):
        yield from_build(project, NODE, to=NODE)
    yield from_build(project, f"{here}/.next/standalone", to=here or "/")
    yield from_build(project, f"{here}/.next/static", to=f"{here}/.next/static")
    if any(path.startswith("public/") for path in project.paths):
        yield from_build(project, f"{here}/public", to=f"{here}/public")
    for line in data_files(project, _SOURCES):
        if f" {here}/public" not in line:
            yield line
