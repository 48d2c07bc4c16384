"""Packages of the distribution that an interpreted program needs: for its machine code, and with commands it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jettison.bases import Needs, Variant
from jettison.errors import Unsupported
from jettison.rewrite.recipes import interpreted, libraries, support
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.health import health_packages
from jettison.rewrite.recipes.interpreted import quoted
from jettison.rewrite.recipes.libraries import Library
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.programs import elf_at, system_libc
from jettison.rewrite.recipes.steps import steps

#: Packages that are nothing but commands, and what these are called: left out where no source names one.
_COMMANDS = {
    "sqlite3": "sqlite3", "postgresql-client": "psql|pg_dump|pg_restore|pg_isready", "redis-tools": "redis-cli",
    "default-mysql-client": "mysql|mysqldump|mysqladmin", "mariadb-client": "mysql|mysqldump|mariadb|mariadb-dump",
    "gettext": "msgfmt|xgettext|envsubst", "gettext-base": "envsubst", "curl": "curl", "wget": "wget", "git": "git",
    "netcat": "nc", "netcat-openbsd": "nc", "netcat-traditional": "nc", "procps": "ps|top|pgrep|pkill|free",
    "iputils-ping": "ping", "net-tools": "netstat|ifconfig", "dnsutils": "dig|nslookup", "telnet": "telnet",
    "htop": "htop", "tree": "tree", "jq": "jq", "zip": "zip", "unzip": "unzip", "rsync": "rsync", "tmux": "tmux",
    "openssh-client": "ssh|scp|sftp", "sudo": "sudo", "screen": "screen", "strace": "strace", "man-db": "man",
    "imagemagick": "convert|identify|mogrify|magick", "file": "file", "locales": "locale-gen", "xz-utils": "xz",
    "nodejs": "node", "npm": "npm", "make": "make", "gcc": "gcc|cc",
}  # fmt: skip
#: Libraries whose package is called the same in all releases of Debian that are maintained.
_LIBRARIES = {
    "libpq-dev": "libpq5", "default-libmysqlclient-dev": "libmariadb3", "libmariadb-dev": "libmariadb3",
    "libxml2-dev": "libxml2", "libxslt1-dev": "libxslt1.1", "zlib1g-dev": "zlib1g", "libsqlite3-dev": "libsqlite3-0",
    "libpng-dev": "libpng16-16", "libjpeg-dev": "libjpeg62-turbo", "libjpeg62-turbo-dev": "libjpeg62-turbo",
    "libfreetype6-dev": "libfreetype6", "libcairo2-dev": "libcairo2", "libyaml-dev": "libyaml-0-2",
    "libonig-dev": "libonig5", "libbz2-dev": "libbz2-1.0", "liblzma-dev": "liblzma5", "libgmp-dev": "libgmp10",
}  # fmt: skip
#: What the full images of languages have and the slim ones do not.
_FULL = ("curl", "wget", "git", "openssh-client", "imagemagick", "unzip", "file", "procps", "xz-utils", "make", "gcc")
_LOCALES = "/usr/lib/locale"
_SOURCES = (".py", ".rb", ".php", ".erb", ".rake", "Rakefile", ".phtml", ".cfg", ".toml", ".yml", ".yaml")


def packages(project: Project, base: Variant, linked: tuple[Library, ...] = ()) -> tuple[str, ...]:
    """What must be installed on a base, sorted.

    Raises ``Unsupported`` where packages come from an archive that a step adds.
    """
    told = _said(project)
    found = {name for name in told if name not in _COMMANDS}
    found |= {name for name in (*told, *_full(project)) if name in _COMMANDS and _is_run(project, name)}
    found |= {*health_packages(project, base), *libraries.packages(project, base, linked)}
    if found and (source := _added_archive(project)):
        raise Unsupported(f"cannot rewrite {project.stage.base.image}: packages may come from what '{source}' adds")
    return tuple(sorted(found))


def _said(project: Project) -> tuple[str, ...]:
    """Packages that steps install by name. Libraries for development stand for themselves only where nothing was
    built: then nobody knows what is linked to them."""
    found = dict.fromkeys(support.runtime_packages(project))
    named = {(word.value or "").partition("=")[0] for step in steps(project) for word in step.command.arguments}
    kept = [name for name in found if name.partition("=")[0] in named or project.tree is None]
    extra = ("git", "wget", "unzip", "xz-utils", "make", "gcc", "nodejs", "npm")
    kept += [name for name in extra if name in named]
    if system_libc(project) == "musl":
        kept += _alpine(project)
    elif project.tree is None:
        development = (name for name in libraries.library_packages(project) if name.endswith("-dev"))
        kept += [_LIBRARIES.get(name, name) for name in development]
    return tuple(dict.fromkeys(kept))


def _alpine(project: Project) -> Iterator[str]:
    """What ``apk add`` installs for good: groups with a name of their own are taken away again."""
    for step in steps(project):
        command = step.command
        if command.runs("apk", "add") and not command.options & {"--virtual", "-t"}:
            names = [word.value or "" for word in command.operands[1:]]
            for name in names:
                known = bool(support.BUILD_ONLY.fullmatch(name)) or name in ("musl-dev", "linux-headers", "build-base")
                if name and not known and not (name.endswith("-dev") and project.tree is not None):
                    yield name


def _full(project: Project) -> tuple[str, ...]:
    """Commands that the original has without installing them."""
    image = project.stage.base.image
    return () if re.search(r"slim|alpine|-apache|-fpm|-cli|^(debian|ubuntu)", image) else _FULL


def _is_run(project: Project, name: str) -> bool:
    """Whether a source of the program names a command of a package, or the image's own command line does."""
    commands = _COMMANDS[name]
    words = " ".join((*(project.config.entrypoint or ()), *(project.config.cmd or ())))
    return bool(re.search(rf"(?<![\w./-])(?:{commands})(?![\w.-])", words)) or quoted(project, commands, _SOURCES)


def _added_archive(project: Project) -> str:
    """A command that adds another archive of packages; ``""`` without one."""
    for step in steps(project):
        text = " ".join((*(word.text for word in step.command.words), *step.command.redirections))
        if step.command.name == "add-apt-repository" or re.search(r"/etc/apt/(sources|keyrings|trusted)", text):
            return text.split()[0]
        if "nodesource" in text or "packages.microsoft" in text:
            return text.split()[0]
    return ""


def locales(project: Project) -> Iterator[str]:
    """The COPY line for locales that steps make."""
    makes = any(step.command.name in ("locale-gen", "localedef", "update-locale") for step in steps(project))
    if makes and support.there(project, _LOCALES):
        yield from_build(project, _LOCALES, to=_LOCALES)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine code of a program's packages is linked to; ``libc`` is empty where there is none.

    ``direct`` are those that it names itself: a package manager brings what these need.
    """

    libc: str
    linked: tuple[Library, ...] = ()
    direct: tuple[Library, ...] = ()


def machine(project: Project, places: Iterable[str], bundled: str = r"libpython") -> Machine:
    """The machine code below the packages' directories and the program's; where nothing was built, it may be there.

    ``bundled`` is a pattern of libraries that every base of the language has.
    """
    below = (*places, *interpreted.places(project))
    native = interpreted.shared_objects(project, below)
    if project.tree is not None and not native:
        return Machine("")
    own = tuple(f"{place}/" for place in below)
    alone = [path for path in native if path not in project.owners]  # others come with their packages
    found = (lib for lib in libraries.linked(project, alone) if not lib.path.startswith(own))
    linked = tuple(lib for lib in found if not re.match(bundled, lib.soname))
    named = {name for path in alone if (elf := elf_at(project, path)) for name in elf.needed}
    return Machine(system_libc(project), linked, tuple(lib for lib in linked if lib.soname in named))


def needs(project: Project, base: Variant, code: Machine, packages: Iterable[str], *, shell: bool) -> Needs:
    """What a base must have. Libraries are no need where they can be installed."""
    sonames = () if base.package_manager == "apt" else tuple(lib.soname for lib in code.linked)
    manager = "apk" if system_libc(project) == "musl" else "apt"
    return Needs(code.libc, shell, sonames, package_manager=manager if tuple(packages) else "")
