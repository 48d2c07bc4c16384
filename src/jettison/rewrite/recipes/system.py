"""Files of the system that steps made, or that a compiled program looks into and small bases lack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jettison.bases import Variant
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.data import NEVER
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import steps

LOCALES = "/usr/lib/locale"
#: Names of services and protocols; of Debian's package netbase.
_NAMES = ("/etc/services", "/etc/protocols")
_LOOKS = r"\b(getservbyname|getservbyport|getprotobyname|getaddrinfo|QTcpSocket)\b"


def system_files(project: Project, base: Variant, code: Sequence[str]) -> Iterator[str]:
    """COPY lines for locales that steps make, and for the names of services where sources (by their endings) ask."""
    makes = any(step.command.name in ("locale-gen", "localedef", "update-locale") for step in steps(project))
    if makes and base.libc == "glibc" and support.there(project, LOCALES):
        yield from_build(project, LOCALES, to=LOCALES)
    wanted = support.mentions(project, _LOOKS, code) and base.libc != "musl" and project.tree is not None
    there = [path for path in _NAMES if wanted and support.there(project, path)]
    if there:
        yield from_build(project, *there, to="/etc/")


def named_packages(project: Project, packages: Sequence[str]) -> tuple[str, ...]:
    """Those of the packages that the program may start or read: they have no commands, or the context names one.

    Where nothing was built nobody knows their commands; then it is all.
    """
    commands: dict[str, list[str]] = {}
    for path, owner in project.owners.items():
        if owner in packages and re.match(r"/(usr/)?s?bin/[^/]+$", path):
            commands.setdefault(owner, []).append(path.rpartition("/")[2])
    return tuple(name for name in packages if name not in commands or _is_named(project, commands[name]))


def _is_named(project: Project, commands: Sequence[str]) -> bool:
    name = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, commands))})(?![\w-])")
    return any(name.search(project.read(path)) for path in project.paths if not NEVER.search(path))
