"""Compiled programs: which one is started, what C library it is linked to, and the bases that have that."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace

from jettison.bases import Needs, Variant, lacks, runtimes, variants
from jettison.closure.elf import Elf, read
from jettison.errors import InvalidReference
from jettison.rewrite import shell
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.command import Start
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.steps import steps

#: What a shell script in front of a program may do without another program.
_BUILTINS = frozenset({":", "cd", "echo", "exec", "export", "printf", "set", "test", "trap", "true", "ulimit", "umask"})
#: The C library of each release (packages.debian.org, packages.ubuntu.com): a newer one runs older programs.
_GLIBC = {
    "wheezy": 13, "trusty": 19, "jessie": 19, "xenial": 23, "stretch": 24, "bionic": 27, "buster": 28, "focal": 31,
    "bullseye": 31, "jammy": 35, "bookworm": 36, "noble": 39, "trixie": 41,
}  # fmt: skip
_DEBIAN = {"10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie"}
_UBUNTU = {"16.04": "xenial", "18.04": "bionic", "20.04": "focal", "22.04": "jammy", "24.04": "noble"}
_DISTRIBUTIONS = ("debian", "ubuntu", "alpine")


def located(project: Project, begin: Start, programs: Iterable[str]) -> Start | None:
    """The start with the whole path of the program, so that no PATH is needed; ``None`` where none of ``programs``
    (absolute paths) is what is started."""
    known = tuple(programs)
    if begin.shell:
        return begin if started(project, begin, known) else None
    if not begin.words:
        return None
    path = resolved(project, begin.words[0], known)
    if not path:
        return None
    if path == begin.words[0]:
        return begin
    if begin.entrypoint:
        return replace(begin, entrypoint=(path, *begin.entrypoint[1:]), changed=True)
    return replace(begin, cmd=(path, *(begin.cmd or ())[1:]), changed=True)


def resolved(project: Project, word: str, programs: Iterable[str]) -> str:
    """The program that a word on a command line means; ``""`` for another one."""
    known = tuple(programs)
    if "/" in word:
        path = posixpath.normpath(posixpath.join(project.workdir, word))
        return path if path in known else ""
    on_path = [path for path in known if posixpath.dirname(path) in _path(project)]
    return next((path for path in on_path if posixpath.basename(path) == word), "")


def _path(project: Project) -> tuple[str, ...]:
    given = project.config.environment.get("PATH", "")
    usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/cargo/bin:/go/bin"
    return tuple((given or usual).split(":"))


def started(project: Project, begin: Start, programs: Iterable[str]) -> str:
    """The one of ``programs`` that is started; ``""`` for none. A shell script must name it by its path, and do
    nothing else that needs another program."""
    known = tuple(programs)
    if not begin.shell:
        return resolved(project, begin.words[0], known) if begin.words else ""
    script = shell.parse(begin.words[2], 0)
    words = [command.proper[0].value or "" for command in script.commands if command.proper]
    found = {word: path for word in words if "/" in word and (path := resolved(project, word, known))}
    plain = script.sound and all(word in _BUILTINS or word in found for word in words)
    return next(iter(found.values()), "") if plain else ""


# -- the C library


def libc(project: Project, programs: Iterable[str]) -> str:
    """The C library that the programs are linked to: ``glibc``, ``musl``, ``""`` for static ones."""
    found = [elf for path in programs if (elf := elf_at(project, path))]
    if not found:
        return system_libc(project)
    interpreters = [elf.interpreter for elf in found if elf.interpreter]
    return ("musl" if "ld-musl" in interpreters[0] else "glibc") if interpreters else ""


def system_libc(project: Project) -> str:
    """The C library of the image that builds."""
    if project.tree is not None:
        return "musl" if any("/ld-musl-" in path for path in project.tree.children("/lib")) else "glibc"
    known = _of_image(project)
    installs = any(step.command.name == "apk" for step in steps(project))
    return known[0].libc if known else ("musl" if installs or "alpine" in project.stage.base.image else "glibc")


def elf_at(project: Project, path: str) -> Elf | None:
    """The linking information of a program of the built image; ``None`` for what is no ELF file, or not built."""
    entry = project.tree.resolve(path) if project.tree is not None else None
    return read(project.tree, entry) if project.tree is not None and entry is not None else None


def _of_image(project: Project) -> tuple[Variant, ...]:
    image = project.stage.base.image
    try:
        return () if "$" in image else variants(image, project.extra)
    except InvalidReference:
        return ()


# -- bases


def bases(project: Project, language: str, libc_name: str) -> tuple[Variant, ...]:
    """Where compiled programs run: a Linux no older than the one that built them, or none at all for static ones.

    The distribution that the original stands on is among them, without what the original installs on it.
    """
    own = [variant for variant in _of_image(project)[-1:] if variant.family in _DISTRIBUTIONS]
    built = release(project)
    known = {base.reference: base for base in (*own, *runtimes(language, "", project.extra, built))}
    return tuple(
        variant for variant in known.values() if not lacks(variant, Needs(libc=libc_name)) and runs(variant, built)
    )


def release(project: Project) -> str:
    """The code name of the Debian or Ubuntu that builds; ``""`` where it is not known."""
    image = project.stage.base.image
    named = re.search("|".join(_GLIBC), image)
    number = re.fullmatch(r"(?:.*/)?(debian|ubuntu):(\d+(?:\.\d\d)?).*", image)
    numbered = (_DEBIAN if number[1] == "debian" else _UBUNTU).get(number[2], "") if number else ""
    return support.codename(project) or (named[0] if named else numbered)


def runs(variant: Variant, built: str) -> bool:
    """Whether a base's C library is as new as that of the release where a program was built."""
    stands_on = re.search(r"debian(\d\d)\b", variant.reference)
    own = variant.release or (_DEBIAN.get(stands_on[1], "") if stands_on else "")
    return variant.libc != "glibc" or _GLIBC.get(own, 99) >= _GLIBC.get(built, 0)
