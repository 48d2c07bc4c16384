"""Python: packages in an environment of their own, and the program's files, on a small image of the same version."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jettison.bases import Needs, Variant
from jettison.errors import Unsupported
from jettison.rewrite.recipes import interpreted, libraries, programs, support, tools
from jettison.rewrite.recipes.command import Start
from jettison.rewrite.recipes.compose import Final, compose
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.python.environment import Environment, environment
from jettison.rewrite.recipes.python.requirements import guessed_packages
from jettison.rewrite.recipes.python.start import begin as begin_of
from jettison.rewrite.recipes.python.start import is_python, script_of
from jettison.rewrite.recipes.steps import steps

#: A program that starts others needs more than distroless images have.
_SPAWNS = r"\bsubprocess\b|\bos\.(system|popen|exec\w+|spawn\w+)\(|\bcreate_subprocess_"
#: Python of each release of Debian and Ubuntu (packages.debian.org, packages.ubuntu.com).
_RELEASES = {
    "bullseye": "3.9", "bookworm": "3.11", "trixie": "3.13", "focal": "3.8", "jammy": "3.10", "noble": "3.12",
}  # fmt: skip
_DISTROLESS = "/usr/bin/python3"


@dataclass(frozen=True, slots=True)
class Python:
    """A stage on an image of Python, or with the Python of Debian or Ubuntu."""

    name: str = "python"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image of the same version on which the packages run."""
        version = interpreted.spoken(project, "python")
        system = not version and _installs_python(project)
        version = version or (_RELEASES.get(programs.release(project), "") if system else "")
        if not version or not (system or _is_python(project)) or interpreted.is_small(project):
            return
        if version.partition(".")[0] == "2":
            raise Unsupported(f"cannot rewrite {project.stage.base.image}: Python 2 makes no environments")
        where = environment(project, system=system)
        yield from _Python(self.name, project, version, system, where, begin_of(project, where)).candidates()


@dataclass(frozen=True, slots=True)
class _Python:
    """What is known of the packages and the start."""

    name: str
    project: Project
    version: str
    system: bool
    where: Environment
    begin: Start

    def candidates(self) -> Iterator[Candidate]:
        project = self.project
        code = tools.machine(project, _site(project))
        shell = self.begin.shell or health_shell(project) or support.mentions(project, _SPAWNS, (".py",))
        shell = shell or bool(script_of(project, self.begin))
        guesses = guessed_packages(project) if project.tree is None else ()
        for base in self._bases():
            linked = () if base.family == "distroless" else code.direct
            packages = {*tools.packages(project, base, linked), *guesses, *(("python3",) if self.system else ())}
            if base.family == "distroless":
                packages -= {"python3"}
            if script_of(project, self.begin) == "bash" and base.libc == "musl":
                continue
            wanted = tools.needs(project, base, code, packages, shell=shell)
            yield self._candidate(base, wanted, tuple(sorted(packages)))

    def _bases(self) -> Iterator[Variant]:
        project = self.project
        if self.system:
            own = interpreted.smaller(project)
            yield from (base for base in own if base.package_manager == "apt")
            yield from (b for b in support.bases(project, "python", self.version) if b.family == "distroless")
            return
        for base in interpreted.related(project, "python", self.version):
            if programs.runs(base, programs.release(project)):
                yield base

    def _candidate(self, base: Variant, needs: Needs, packages: tuple[str, ...]) -> Candidate:
        project, where = self.project, self.where
        paths = (where.path,) if where.path else ()
        copies = [
            *support.surroundings(project, base),
            *tools.locales(project),
            *interpreted.whole(project, *paths),
        ]
        last = [*where.last, *interpreted.leave_out(project, *_tests(project)), *self._relinked(base)]
        active = {"VIRTUAL_ENV": where.path, "PATH": f"{where.path}/bin:$PATH"} if where.made else {}
        start = _on(base, self.begin)
        before = libraries.installs(packages, base)
        plain = _without_triggers(project, self.version)
        final = Final(base.reference, copies, start, before, active)
        text = compose(project, final, instead=where.instead, last=last, base=plain)
        return Candidate(self.name, text, base, needs, images=(plain,) if plain else ())

    def _relinked(self, base: Variant) -> Iterator[str]:
        """Distroless images have Python at another place, which an environment names."""
        if base.family != "distroless" or not self.where.path or self.system:
            return
        path = self.where.path
        yield (
            f"RUN ln -sf {_DISTROLESS} {path}/bin/python && ln -sf {_DISTROLESS} {path}/bin/python3 \\\n"
            f" && sed -i 's|^home = .*|home = {posixpath.dirname(_DISTROLESS)}|' {path}/pyvenv.cfg"
        )


def _is_python(project: Project) -> bool:
    """Whether the program is Python's: it installs packages, or what is started is Python."""
    return is_python(project) or any(
        re.fullmatch(r"(pip|python)[\d.]*|uv|poetry|pipenv", step.command.name) for step in steps(project)
    )


def _installs_python(project: Project) -> bool:
    names = {
        word.value
        for step in steps(project)
        if step.command.name in ("apt", "apt-get")
        for word in step.command.operands
    }
    return bool(names & {"python3", "python3-pip", "python3-venv", "python3-dev", "python-is-python3"})


def _site(project: Project) -> tuple[str, ...]:
    """Where the packages of the built image are."""
    tree = project.tree
    if tree is None:
        return ()
    found = [path for place in ("/usr/local/lib", "/usr/lib") for path in tree.children(place)]
    named = [path for path in found if re.search(r"/python\d(\.\d+)?$", path)]
    return tuple(f"{path}/{name}" for path in named for name in ("site-packages", "dist-packages"))


def _tests(project: Project) -> tuple[str, ...]:
    """Directories of tests in the context that nothing else imports."""
    names = [name for name in ("tests", "test") if (project.context.directory / name).is_dir()]
    outside = [path for path in project.paths if path.endswith(".py") and not path.startswith(("tests/", "test/"))]
    used = {name for name in names for path in outside if re.search(rf"\b{name}\b", project.read(path))}
    return tuple(name for name in names if name not in used)


def _on(base: Variant, begin: Start) -> Start:
    """Distroless images have Python as their entry point."""
    if base.family != "distroless" or begin.entrypoint:
        return begin
    words = begin.cmd or ()
    return replace(begin, entrypoint=(), cmd=words or None, changed=True)


def _without_triggers(project: Project, version: str) -> str:
    """For an image with triggers, the one that it stands on."""
    image = project.stage.base.image
    if not project.triggers:
        return ""
    if not image.endswith("onbuild"):
        raise Unsupported(f"cannot rewrite {image}: nobody knows what it stands on")
    return f"{image.rpartition(':')[0]}:{version}"
