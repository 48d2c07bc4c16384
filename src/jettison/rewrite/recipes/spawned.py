"""The packages of programs that sources start by a name that stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jettison.rewrite import shell
from jettison.rewrite.recipes.model import Project

#: What Debian's slim images have (packages.debian.org: essential packages and apt).
_THERE = frozenset({
    "adduser", "apt", "base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils", "diffutils",
    "dpkg", "findutils", "gpgv", "grep", "gzip", "hostname", "libc-bin", "login", "mawk", "mount", "ncurses-bin",
    "passwd", "perl-base", "sed", "sysvinit-utils", "tar", "util-linux",
})  # fmt: skip
_DIRECTORIES = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/games")


def spawned_packages(project: Project, pattern: str, code: Sequence[str]) -> tuple[str, ...]:
    """Debian packages that have what ``pattern`` finds started in sources (by their endings), but for what slim images
    have. Its group 1 is a name or a line of shell. Nothing where no image was built."""
    tree, found = project.tree, dict[str, None]()
    for name in _names(project, pattern, code) if tree is not None else ():
        places = (name,) if "/" in name else tuple(f"{directory}/{name}" for directory in _DIRECTORIES)
        entries = (tree.resolve(place) for place in places) if tree is not None else ()
        entry = next((entry for entry in entries if entry is not None), None)
        owner = project.owners.get(entry.path, "") if entry is not None else ""
        if owner and owner not in _THERE:
            found[owner] = None
    return tuple(found)


def _names(project: Project, pattern: str, code: Sequence[str]) -> Iterator[str]:
    wanted = re.compile(pattern)
    for path in project.paths:
        for line in wanted.findall(project.read(path)) if path.endswith(tuple(code)) else ():
            yield from (command.name for command in shell.parse(line, 0).commands if command.name)
