"""PHP taken out of an image that has compilers beside it, and put on the Debian that the image stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, Variant
from jettison.rewrite.recipes import libraries, support, tools
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.programs import elf_at, system_libc

#: What the published images put beside the distribution's files, and their settings.
_OWN = (
    "/usr/local/bin/php", "/usr/local/sbin/php-fpm", "/usr/local/bin/docker-php-entrypoint",
    "/usr/local/bin/apache2-foreground", "/usr/local/lib/php", "/usr/local/etc", "/usr/lib/apache2/modules/libphp.so",
    "/etc/php", "/etc/apache2", "/var/log/apache2",
)  # fmt: skip
_PROGRAMS = ("/usr/local/bin/php", "/usr/local/sbin/php-fpm", "/usr/lib/apache2/modules/libphp.so")
_PACKAGES = re.compile(r"php[\d.]*(-.+)?|apache2|libapache2-mod-.+|ca-certificates")
_VARIABLES = re.compile(r"PHP_(INI_DIR|VERSION|PROGRAM)|APACHE_\w+")


@dataclass(frozen=True, slots=True)
class Bare:
    """A Debian of the same release, and how PHP comes onto it. ``settings`` are instructions that the image had."""

    base: Variant
    packages: tuple[str, ...]
    needs: Needs
    paths: tuple[str, ...]
    environment: dict[str, str]
    settings: tuple[str, ...]


def bare(project: Project) -> Bare | None:
    """PHP on Debian alone; ``None`` where no image was built that tells what that takes."""
    tree, release = project.tree, support.codename(project)
    if tree is None or not release or system_libc(project) != "glibc":
        return None
    found = [base for base in support.bases(project, "native") if base.family == "debian" and release in base.reference]
    if not found:
        return None
    paths = tuple(path for path in _OWN if path in tree and path not in project.owners)
    packages = {name for name in project.owners.values() if _PACKAGES.fullmatch(name)}
    libs = {lib.package for lib in _linked(project) if lib.package}
    said = set(tools.packages(project, found[0]))
    return Bare(
        base=found[0],
        packages=tuple(sorted(packages | libs | said | {"ca-certificates"})),
        needs=Needs("glibc", shell=True, package_manager="apt"),
        paths=paths,
        environment={k: v for k, v in project.base.environment.items() if _VARIABLES.fullmatch(k)},
        settings=tuple(_settings(project)),
    )


def _linked(project: Project) -> tuple[libraries.Library, ...]:
    """The libraries that PHP's own programs and extensions name."""
    tree = project.tree
    assert tree is not None
    extensions = [path for path in tree.below("/usr/local/lib/php") if path.endswith(".so")]
    programs = [e.path for path in _PROGRAMS if (e := tree.resolve(path)) and e.path not in project.owners]
    code = (*programs, *extensions)
    named = {name for path in code if (elf := elf_at(project, path)) for name in elf.needed}
    return tuple(lib for lib in libraries.linked(project, code) if lib.soname in named)


def _settings(project: Project) -> Iterator[str]:
    """What the image says of how it runs, where the Dockerfile does not say it again."""
    said = {instruction.keyword for instruction in project.stage.instructions}
    if project.base.stop_signal and "STOPSIGNAL" not in said:
        yield f"STOPSIGNAL {project.base.stop_signal}"
    if project.base.exposed_ports:
        yield f"EXPOSE {' '.join(project.base.exposed_ports)}"
