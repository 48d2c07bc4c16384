"""The shared libraries that compiled programs do not bring themselves, and how they come onto another base."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jettison.bases import Needs, Variant, lacks
from jettison.closure import Evidence, close, closers
from jettison.closure.elf import read
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.compose import from_build
from jettison.rewrite.recipes.health import health_packages
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.programs import libc, system_libc
from jettison.rewrite.recipes.steps import steps
from jettison.rewrite.recipes.system import named_packages

_LIBRARY_PACKAGE = re.compile(r"lib[\w.+-]+|zlib1g(-dev)?")
_IS_LIBRARY = re.compile(r"lib.*|zlib1g|ca-certificates|tzdata")
_TOOLS = re.compile(r"lib(tool|tool-bin|c6-dev|stdc\+\+-\d+-dev|gcc-\d+-dev|clang.*)")
_UNKNOWN = "which shared libraries the program needs is not known before it is built: those of its build are installed"


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library of the built image: its name for the loader, where it is found, and whose it is."""

    soname: str
    path: str
    package: str


@dataclass(frozen=True, slots=True)
class Brought:
    """Steps at the start of the last stage, COPY lines, and notes."""

    before: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def linked(project: Project, programs: Iterable[str]) -> tuple[Library, ...]:
    """Every shared library that programs of the built image load, theirs too, but for the C library's own."""
    tree = project.tree
    if tree is None:
        return ()
    loader = closers(tree, environment=project.config.environment)[:1]
    seeds = {path: [Evidence("config", "program")] for path in programs}
    kept = close(tree, seeds, loader)
    found: dict[str, Library] = {}
    for path in sorted(kept):
        entry = tree.get(path)
        needed = any(evidence.kind == "elf" for evidence in kept[path])
        elf = read(tree, entry) if entry and needed else None
        if elf and elf.soname and not elf.soname.startswith("ld-"):
            link = posixpath.join(posixpath.dirname(path), elf.soname)
            found[elf.soname] = Library(elf.soname, link if link in tree else path, project.owners.get(path, ""))
    return tuple(lib for lib in found.values() if lacks(_bare(libc(project, programs)), Needs(libraries=(lib.soname,))))


def _bare(name: str) -> Variant:
    """An image that has a C library and nothing else."""
    return Variant("", "", "", "none", name or "none", shell=False)


def missing(libraries: Iterable[Library], base: Variant) -> tuple[Library, ...]:
    """Those that a base does not have, and those that no package brought: they are the build's own."""
    return tuple(lib for lib in libraries if not lib.package or lacks(base, Needs(libraries=(lib.soname,))))


def library_copies(project: Project, libraries: Iterable[Library]) -> Iterator[str]:
    """COPY lines that put libraries where the loader looks without being told. A link that is copied by its name
    becomes the file that it points to."""
    wanted = tuple(libraries)
    to = library_directory(project)
    named = [lib.path for lib in wanted if posixpath.basename(lib.path) == lib.soname]
    if wanted:
        yield "# Shared libraries that the program is linked to"
    if named:
        line = from_build(project, *named, to=f"{to}/")
        yield line if len(line) <= 120 else line.replace(" /", " \\\n    /")
    for lib in wanted:
        if lib.path not in named:
            yield from_build(project, lib.path, to=f"{to}/{lib.soname}")


def library_directory(project: Project) -> str:
    """Where the distribution keeps its libraries: ``/usr/lib/x86_64-linux-gnu``; ``/usr/lib`` for musl."""
    tree = project.tree
    found = [p for p in tree.children("/usr/lib") if re.search(r"/\w+-linux-gnu\w*$", p)] if tree is not None else []
    return found[0] if found and system_libc(project) == "glibc" else "/usr/lib"


def brought(
    project: Project,
    base: Variant,
    libraries: Iterable[Library],
    *,
    known: bool,
    commands: bool = False,
    more: Iterable[str] = (),
) -> Brought | None:
    """How a base gets what the program uses of other packages; ``None`` where it cannot.

    ``known`` says that ``libraries`` are all there are: they are copied. Where nothing was built, the packages that
    the original builds with are installed. ``commands`` says that the program starts other programs; ``more`` are
    packages of Debian that it needs anyway.
    """
    debian = (*more, *(_helpers(project) if commands else ()))
    if debian and base.package_manager != "apt":
        return None
    wanted = [*debian, *health_packages(project, base)]
    guessed = () if known else library_packages(project)
    wanted += guessed
    if wanted and not base.package_manager:
        return None
    copies = tuple(library_copies(project, missing(libraries, base))) if known else ()
    return Brought(installs(wanted, base), copies, (_UNKNOWN,) if guessed else ())


def helpers(project: Project, base: Variant, *, commands: bool) -> tuple[str, ...]:
    """Packages with programs that the program (where it starts ``commands``) or the HEALTHCHECK starts."""
    return (*(_helpers(project) if commands else ()), *health_packages(project, base))


def _helpers(project: Project) -> tuple[str, ...]:
    found = tuple(name for name in support.runtime_packages(project) if not _IS_LIBRARY.fullmatch(name))
    return named_packages(project, found)


def packages(project: Project, base: Variant, libraries: Iterable[Library]) -> tuple[str, ...]:
    """The packages that have the libraries which a base lacks, where it can install them; of the same distribution."""
    wanted = {lib.package for lib in missing(libraries, base) if lib.package}
    same = base.package_manager == ("apk" if system_libc(project) == "musl" else "apt")
    return tuple(sorted(wanted)) if same else ()


def installs(packages: Iterable[str], base: Variant) -> tuple[str, ...]:
    """The step that installs packages on a base; none for no packages."""
    names = sorted(set(packages))
    if names and base.package_manager == "apk":
        return (f"RUN apk add --no-cache {' '.join(names)}",)
    return support.install(base, names)


def library_packages(project: Project) -> tuple[str, ...]:
    """The libraries that the original installs from its distribution; for development, where it builds with them."""
    found: dict[str, None] = {}
    for step in steps(project):
        if step.command.name in ("apt-get", "apt", "apk") and step.command.operands:
            names = [(word.value or "").partition("=")[0] for word in step.command.operands[1:]]
            found |= dict.fromkeys(n for n in names if _LIBRARY_PACKAGE.fullmatch(n) and not _TOOLS.fullmatch(n))
    return tuple(found)


def trust(project: Project, libraries: Iterable[Library], base: Variant) -> Mapping[str, str]:
    """Where OpenSSL finds the authorities on a base that has none: Debian's OpenSSL looks into another directory."""
    uses = any(lib.soname.startswith("libssl.") for lib in libraries)
    wants = uses and not base.certificates and support.there(project, support.CERTIFICATES)
    return {"SSL_CERT_FILE": support.CERTIFICATES} if wants else {}
