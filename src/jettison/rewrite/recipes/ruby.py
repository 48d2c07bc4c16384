"""Ruby: gems without those for development, and the program's files, on a small image of the same version."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Instruction
from jettison.errors import Unsupported
from jettison.rewrite.recipes import interpreted, libraries, programs, support, tools
from jettison.rewrite.recipes.command import start
from jettison.rewrite.recipes.compose import Final, compose
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.steps import Step, steps

_GEMS = "/usr/local/bundle"
_ENVIRONMENTS = ("RAILS_ENV", "RACK_ENV", "APP_ENV")
#: Debian's packages that gems are linked to, or run (the gems' own instructions for installation).
_LINKED = {
    "pg": "libpq5", "mysql2": "libmariadb3", "sqlite3": "libsqlite3-0", "mini_magick": "imagemagick",
    "ruby-vips": "libvips42", "ruby-filemagic": "libmagic1", "charlock_holmes": "libicu-dev", "curb": "libcurl4",
    "rmagick": "libmagickwand-6.q16-6", "gpgme": "libgpgme11", "rugged": "libssh2-1", "tzinfo": "tzdata",
}  # fmt: skip
_TESTS = re.compile(r"\b(rspec|rubocop|minitest|cucumber|rake\s+(test|spec)|rails\s+test)\b")


@dataclass(frozen=True, slots=True)
class Ruby:
    """A stage on an image of Ruby."""

    name: str = "ruby"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image of the same version on which the gems run."""
        version = interpreted.spoken(project, "ruby")
        if not version or interpreted.is_small(project):
            return
        if project.triggers:
            raise Unsupported(f"cannot rewrite {project.stage.base.image}: what its triggers install is not known")
        gems = _gems(project)
        code = tools.machine(project, gems, r"libruby|libgmp|libyaml-0")
        begin = start(project)
        guesses = _guessed(project) if project.tree is None else ()
        for base in interpreted.related(project, "ruby", version):
            packages = sorted({*tools.packages(project, base, code.direct), *guesses})
            wanted = tools.needs(project, base, code, packages, shell=True)
            copies = [
                *support.surroundings(project, base),
                *tools.locales(project),
                *interpreted.whole(project, *gems),
            ]
            last = [*_without_archives(project), *interpreted.leave_out(project, *_unused(project))]
            final = Final(base.reference, copies, begin, libraries.installs(packages, base), _environment(project))
            if programs.runs(base, programs.release(project)):
                yield Candidate(self.name, compose(project, final, instead=_instead(project), last=last), base, wanted)


def _installs(step: Step) -> bool:
    command = step.command
    if command.name in ("bundle", "bundler"):
        return not command.operands or command.operands[0].value == "install"
    return command.runs("gem", "install") and {w.value for w in command.operands[1:]} != {"bundler"}


def _gems(project: Project) -> tuple[str, ...]:
    """Where gems are beside the program's files; none where no step installs any."""
    home = project.config.environment.get("BUNDLE_PATH") or project.config.environment.get("GEM_HOME") or _GEMS
    home = posixpath.normpath(posixpath.join(project.workdir, home))
    is_used = any(_installs(step) for step in steps(project))
    return (home,) if is_used and support.there(project, home) else ()


def _bundles(project: Project) -> list[Step]:
    return [step for step in steps(project) if step.command.name in ("bundle", "bundler") and _installs(step)]


def _without(project: Project) -> str:
    """The groups that are left out; ``""`` where the original says which, and where a step tests the program."""
    said = any(
        re.search(r"BUNDLE_WITHOUT|--without|config\s+(set\s+)?(--\w+\s+)?without", instruction.source)
        for instruction in project.instructions
    )
    tested = any(_TESTS.search(step.instruction.source) for step in steps(project))
    if said or tested or not _bundles(project) or not re.search(r"\bgroup\b|\bgroups?:", project.read("Gemfile")):
        return ""
    values = [project.config.environment.get(name, "") for name in _ENVIRONMENTS]
    develops = re.search(r"^\s*gem\s+['\"]rails['\"]", project.read("Gemfile"), re.MULTILINE) and not any(
        value == "production" for value in values
    )
    return "test" if develops else "development:test"


def _environment(project: Project) -> dict[str, str]:
    """Bundler must be told again what it does not find."""
    groups = _without(project)
    return {"BUNDLE_WITHOUT": groups} if groups else {}


def _instead(project: Project) -> dict[Instruction, str]:
    groups, found = _without(project), _bundles(project)
    if not groups:
        return {}
    first = found[0].instruction
    return {first: f"ENV BUNDLE_WITHOUT={groups}\n{first.source}"}


def _without_archives(project: Project) -> Iterator[str]:
    """The step that takes away the archives which gems were unpacked from."""
    for place in _gems(project):
        yield f"RUN rm -f {place}/cache/*.gem {place}/ruby/*/cache/*.gem"


def _unused(project: Project) -> tuple[str, ...]:
    """Directories of tests."""
    return tuple(name for name in ("spec", "test", "features") if (project.context.directory / name).is_dir())


def _guessed(project: Project) -> tuple[str, ...]:
    """What the gems are known to need, where nothing was built that would tell."""
    text = project.read("Gemfile.lock") + project.read("Gemfile")
    found = (name for gem, name in _LINKED.items() if re.search(rf"(^\s+|['\"]){gem}(['\"]|\s|$)", text, re.MULTILINE))
    return tuple(dict.fromkeys(found))
