"""PHP: the extensions, the packages of Composer and the program's files, on an image that nothing was built in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jettison.bases import Variant, runtimes
from jettison.dockerfile import Instruction
from jettison.errors import Unsupported
from jettison.rewrite.recipes import interpreted, libraries, programs, support, tools
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.php.bare import bare
from jettison.rewrite.recipes.steps import Step, after, steps, with_edits

_EXTENSIONS = "/usr/local/lib/php/extensions"
_SETTINGS = "/usr/local/etc/php"
#: Steps that change a directory of settings, and the directory.
_CHANGES = (
    (re.compile(r"\ba2(en|dis)(mod|conf|site)\b|/etc/apache2"), "/etc/apache2"),
    (re.compile(r"\bdocker-php-ext-|\bpecl\b|PHP_INI_DIR|/usr/local/etc/php\b"), _SETTINGS),
    (re.compile(r"/usr/local/etc/php-fpm\.d|/usr/local/etc/php-fpm\.conf"), "/usr/local/etc"),
    (re.compile(r"/etc/nginx"), "/etc/nginx"),
    (re.compile(r"/etc/supervisor"), "/etc/supervisor"),
)
#: The packages of Debian that extensions are linked to (docker-library/php, "How to install more PHP extensions").
_LINKED = {
    "gd": ("libpng16-16", "libjpeg62-turbo", "libfreetype6"), "pdo_pgsql": ("libpq5",), "pgsql": ("libpq5",),
    "xsl": ("libxslt1.1",), "imagick": ("imagemagick",), "memcached": ("libmemcached11",), "tidy": ("libtidy5deb1",),
}  # fmt: skip
#: Packages of extensions in Debian, but for those that every PHP brings.
_DISTRIBUTION_PHP = re.compile(r"php(\d\.\d)?-(?!(?:cli|common|fpm|cgi|opcache|readline)$)[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Php:
    """A stage on an image of PHP or of Composer."""

    name: str = "php"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image with the same version and server on which the extensions run."""
        kind, version = _kind(project)
        if not kind or interpreted.is_small(project):
            return
        if project.triggers:
            raise Unsupported(f"cannot rewrite {project.stage.base.image}: what its triggers install is not known")
        begin = _start(project)
        if "composer" in begin.words[:2]:
            raise Unsupported(f"cannot rewrite {project.stage.base.image}: what is started needs composer")
        own = tuple(path for path in (_EXTENSIONS, "/usr/lib/php") if project.tree is not None and path in project.tree)
        code = tools.machine(project, own, r"libphp")
        for base in _bases(project, kind, version):
            packages = sorted({*tools.packages(project, base, _missing(project, code)), *_extensions(project)})
            wanted = tools.needs(project, base, code, packages, shell=True)
            before = [*libraries.installs(packages, base)]
            copies = [
                *support.surroundings(project, base),
                *tools.locales(project),
                *interpreted.whole(project, *settings_of(project)),
            ]
            last = interpreted.leave_out(project, *_tests(project))
            final = Final(base.reference, copies, begin, before)
            yield Candidate(self.name, compose(project, final, instead=_instead(project), last=last), base, wanted)
        if found := bare(project):
            replaced = " ".join(path for path in found.paths if path.startswith("/etc/"))
            clean = [f"RUN rm -rf {replaced}"] if replaced else []  # COPY takes away nothing that packages enable
            before = [*libraries.installs(found.packages, found.base), *clean, *found.settings]
            copies = [
                *support.surroundings(project, found.base, certificates=False),
                *tools.locales(project),
                *interpreted.whole(project, *settings_of(project), *found.paths),
            ]
            last = interpreted.leave_out(project, *_tests(project))
            final = Final(found.base.reference, copies, begin, before, found.environment)
            text = compose(project, final, instead=_instead(project), last=last)
            yield Candidate(self.name, text, found.base, found.needs)


def _kind(project: Project) -> tuple[str, str]:
    """What ``runtimes`` calls the image, and its version of PHP; empty for another image."""
    image = project.stage.base.image
    version = interpreted.spoken(project, "php")
    if re.search(r"(^|/)composer(:|$)", image):
        found = re.match(r"\d+\.\d+", project.config.environment.get("PHP_VERSION", ""))
        if not found:
            raise Unsupported(f"cannot rewrite {image}: its version of PHP is not known before it is pulled")
        return "php", found[0]
    server = re.search(r"-(apache|fpm)\b", image)
    return (f"php-{server[1]}" if server else "php", version) if version else ("", "")


def _bases(project: Project, kind: str, version: str) -> Iterator[Variant]:
    """The original's base, which is no larger than what is built on it, and smaller ones."""
    image = project.stage.base.image
    known = () if re.search(r"(^|/)composer(:|$)", image) else interpreted.smaller(project)
    release = programs.release(project)
    for base in known or runtimes(kind, version, project.extra):
        if programs.runs(base, release):
            yield base


def _start(project: Project) -> Start:
    """The start; Composer's entry point starts a program as PHP's does, which every image of PHP has."""
    begin = start(project)
    ours = re.search(r"(^|/)composer(:|$)", project.stage.base.image)
    if ours and begin.entrypoint == ("/docker-entrypoint.sh",) and begin.cmd:
        return replace(begin, entrypoint=None, changed=True)
    return begin


def _missing(project: Project, code: tools.Machine) -> tuple[libraries.Library, ...]:
    """Libraries of packages that no extension's own package brings: those come with it."""
    return () if _extensions(project) else code.direct


def _extensions(project: Project) -> tuple[str, ...]:
    """Where PHP is the distribution's, the packages of its extensions that are installed; else, where nothing was
    built, the libraries that the extensions are known to need."""
    if project.tree is not None:
        real = project.tree.resolve("/usr/local/bin/php")
        if real is None or real.path not in project.owners:
            return ()
        names = {name for path, name in project.owners.items() if path.startswith("/usr/lib/php/")}
        return tuple(sorted(name for name in names if _DISTRIBUTION_PHP.fullmatch(name)))
    asked = {word.value for step in steps(project) if _is_extension(step) for word in step.command.operands}
    if programs.system_libc(project) == "musl":
        return ()
    return tuple(library for name in sorted(filter(None, asked)) for library in _LINKED.get(name, ()))


def _is_extension(step: Step) -> bool:
    return step.command.name in ("docker-php-ext-install", "docker-php-ext-enable", "pecl", "install-php-extensions")


def settings_of(project: Project) -> tuple[str, ...]:
    """Extensions and directories of settings that steps change; absolute paths."""
    return tuple(path for path in _changed(project) if support.there(project, path))


def _changed(project: Project) -> Iterator[str]:
    if any(_is_extension(step) for step in steps(project)):
        yield _EXTENSIONS
    texts = [
        instruction.source for instruction in project.instructions if instruction.keyword in ("RUN", "COPY", "ADD")
    ]
    for pattern, place in _CHANGES:
        if any(pattern.search(text) for text in texts):
            yield place


def _instead(project: Project) -> dict[Instruction, str]:
    """``composer install`` without what is for development only."""
    if '"require-dev"' not in project.read("composer.json") or _is_tested(project):
        return {}
    found: dict[Instruction, str] = {}
    for step in steps(project):
        verb = step.command.operands[:1]
        installs = _is_composer(step) and verb and verb[0].value in ("install", "update", "dump-autoload")
        if installs and "--no-dev" not in step.command.options:
            found[step.instruction] = with_edits(step.instruction, [after(verb[0], "--no-dev")])
    return found


def _is_composer(step: Step) -> bool:
    return step.command.name in ("composer", "composer.phar")


def _is_tested(project: Project) -> bool:
    return any(re.search(r"phpunit|phpstan|pest\b|php-cs-fixer", step.instruction.source) for step in steps(project))


def _tests(project: Project) -> tuple[str, ...]:
    """Directories of tests and of packages for Node.js, which only a build needs."""
    names = ("tests", "test", "node_modules")
    return tuple(n for n in names if (project.context.directory / n).is_dir())
