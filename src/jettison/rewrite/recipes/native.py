"""C and C++ (make, CMake, Autotools, Meson, a compiler alone): the program, its libraries, what was installed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, Variant, language
from jettison.closure.elf import may_be_elf
from jettison.errors import InvalidReference
from jettison.filetree import Kind
from jettison.rewrite.recipes import libraries, programs, support
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.installed import Installed, installed, prefixes
from jettison.rewrite.recipes.libraries import Brought, Library
from jettison.rewrite.recipes.made import application, beside
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.moved import moved
from jettison.rewrite.recipes.sources import in_context
from jettison.rewrite.recipes.spawned import spawned_packages
from jettison.rewrite.recipes.steps import Step, placed, steps
from jettison.rewrite.recipes.system import system_files

_COMPILERS = re.compile(r"(?:[\w-]+-)?(gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran)(-\d+)?")
_BUILDERS = frozenset({"make", "gmake", "cmake", "ninja", "meson", "configure", "scons", "bazel", "build.sh"})
_OTHERS = frozenset({"go", "cargo", "npm", "yarn", "pip", "pip3", "bundle", "composer", "mvn", "gradle", "dotnet"})
_CODE = (".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx")
_SOURCES = (
    *_CODE, ".o", ".a", ".la", ".lo", ".d", ".S", ".s", ".am", ".ac", ".m4", ".in", ".cmake", ".pc", ".ninja", ".f90",
    "CMakeLists.txt", "CMakeCache.txt", "Makefile", "makefile", "configure", "config.status", "config.log", "libtool",
    "install-sh", "config.guess", "config.sub", "depcomp", "missing", "compile", "stamp-h1", "meson.build",
    "meson_options.txt", "install_manifest.txt", "compile_commands.json", ".ninja_log", ".ninja_deps", "aclocal.m4",
    ".dirstamp",
)  # fmt: skip
_SPAWNS = r"\b(system|popen|execl|execlp|execle|execv|execvp|execvpe|posix_spawnp?)\s*\("
_STARTED = r"\b(?:system|popen|execlp?|execvp|posix_spawnp)\s*\(\s*\"([^\"]+)\""
_UNKNOWN = "which shared libraries the program needs is not known before it is built: none are copied"
_STRIP = "/usr/bin/strip"


@dataclass(frozen=True, slots=True)
class Native:
    """A stage that compiles C or C++, and starts what came of it."""

    name: str = "native"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each base that has the C library, and one more with packages where libraries are copied."""
        done = steps(project)
        builds = [step for step in done if step.command.name in _BUILDERS or _COMPILERS.fullmatch(step.command.name)]
        if not builds or any(step.command.name in _OTHERS for step in done):
            return
        begin = start(project)
        found = _located(project, begin)
        if found is None:
            return
        begin, program = found
        yield from _Native(self.name, project, begin, program).candidates()


@dataclass(frozen=True, slots=True)
class _Native:
    """What is known once the program is found."""

    name: str
    project: Project
    begin: Start
    program: str

    def candidates(self) -> Iterator[Candidate]:
        project, known = self.project, self.project.tree is not None
        more = installed(project, self.program) if known else Installed()
        linked = libraries.linked(project, (self.program, *more.shared))
        libc = programs.libc(project, (self.program,))
        commands = support.mentions(project, _SPAWNS, _CODE)
        others = spawned_packages(project, _STARTED, _CODE)
        shell = self.begin.shell or commands or health_shell(project)
        needs = Needs(libc, shell, () if known else _cpp(project))
        skipped = (self.program, *_intermediate(project, self.program))
        rest = (*beside(project, _SOURCES, skipped, builds=True), *self._installed(more, linked))
        for base in programs.bases(project, "native", libc):
            own = _elsewhere(project, linked)
            brought = libraries.brought(project, base, own, known=known, commands=commands, more=others)
            if brought is None:
                continue
            yield self._candidate(base, needs, linked, brought, rest)
            packages = libraries.packages(project, base, linked)
            if packages:
                built = [lib for lib in _elsewhere(project, linked) if not lib.package]
                copies = tuple(libraries.library_copies(project, built))
                before = libraries.installs(
                    (*packages, *others, *libraries.helpers(project, base, commands=commands)), base
                )
                yield self._candidate(base, needs, linked, Brought(before, copies), rest)

    def _candidate(
        self, base: Variant, needs: Needs, linked: tuple[Library, ...], brought: Brought, rest: tuple[str, ...]
    ) -> Candidate:
        project = self.project
        copies = [*support.surroundings(project, base, zones=_zones(project)), *brought.copies]
        copies += [*system_files(project, base, _CODE), *rest]
        last = (f"RUN strip --strip-unneeded {self.program}",) if _strips(project) else ()
        final = Final(base.reference, copies, self.begin, brought.before, libraries.trust(project, linked, base))
        return Candidate(self.name, compose(project, final, last=last), base, needs, notes=_notes(project, brought))

    def _installed(self, more: Installed, linked: tuple[Library, ...]) -> Iterator[str]:
        """The program and, where it was installed, what was installed with it."""
        yield from_build(self.project, self.program, to=self.program)
        if self.project.tree is None:
            yield from _usual(self.project, self.program)
        for path in more.without(self.project, {lib.path for lib in linked} | {self.program}):
            yield from_build(self.project, path, to=path)


def _located(project: Project, begin: Start) -> tuple[Start, str] | None:
    """The start by a whole path, and the program; ``None`` where something else is started than what was built."""
    known = [path for group in moved(project, [*_outputs(project)]) for path in group]
    known += [path for word in _words(begin) for path in _guesses(project, word) if _is_made(project, path)]
    found = programs.located(project, begin, known)
    program = programs.started(project, found, known) if found is not None else ""
    if found is None or not program:
        return None
    return (found, program) if project.tree is None or programs.elf_at(project, program) else None


def _words(begin: Start) -> tuple[str, ...]:
    """What may be the program on a command line: its first word, or what a script names by a path."""
    if not begin.shell:
        return begin.words[:1]
    return tuple(word for word in begin.words[2].split() if "/" in word)


def _outputs(project: Project) -> Iterator[str]:
    """What compilers are told to write."""
    for step in steps(project):
        words = [word.value or "" for word in step.command.arguments]
        if _COMPILERS.fullmatch(step.command.name) and not {"-c", "-shared", "-E", "-S"} & set(words):
            at = words.index("-o") + 1 if "-o" in words else len(words)
            yield step.at(words[at] if at < len(words) else "a.out")


def _guesses(project: Project, word: str) -> Iterator[str]:
    """Where a program that is started may be."""
    if "/" in word:
        yield posixpath.normpath(posixpath.join(project.workdir, word))
    elif word:
        yield from (posixpath.join(prefix, name, word) for prefix in prefixes(project) for name in ("bin", "sbin"))


def _is_made(project: Project, path: str) -> bool:
    """Whether the build made a program: it is among the application's files, but not of the context; or installed."""
    own = (project.workdir, *application(project), *(copy.destination for copy in placed(project)))
    among = any(path.startswith(f"{place.rstrip('/')}/") for place in own if place != "/")
    put = _is_plain(project) and any(path.startswith(f"{prefix}/") for prefix in prefixes(project))
    if project.tree is None:
        return (among and not in_context(project, path)) or (put and any(map(_installs, steps(project))))
    entry = project.tree.resolve(path)
    return entry is not None and entry.kind is Kind.FILE and entry.path not in project.owners and (among or put)


def _is_plain(project: Project) -> bool:
    """Whether the image is not one of an interpreter that stands in /usr/local too."""
    image = project.stage.base.image
    try:
        known = None if "$" in image else language(image, project.extra)
    except InvalidReference:
        return False
    return known is None or known[0] == "native"


def _elsewhere(project: Project, linked: tuple[Library, ...]) -> tuple[Library, ...]:
    """Libraries that are not among the application's files, which are copied as they are."""
    own = tuple(f"{place}/" for place in application(project))
    return tuple(lib for lib in linked if not lib.path.startswith(own))


def _cpp(project: Project) -> tuple[str, ...]:
    """What C++ needs, where nothing was built to see."""
    return (
        ("libstdc++.so.6", "libgcc_s.so.1") if any(p.endswith((".cc", ".cpp", ".cxx")) for p in project.paths) else ()
    )


def _notes(project: Project, brought: Brought) -> tuple[str, ...]:
    return brought.notes or (() if project.tree is not None else (_UNKNOWN,))


def _intermediate(project: Project, program: str) -> Iterator[str]:
    """What was linked among the application's files, where the program was installed elsewhere."""
    tree, places = project.tree, tuple(application(project))
    if tree is None or program.startswith(tuple(f"{place}/" for place in places)):
        return
    for path in (path for place in places for path in tree.below(place)):
        if tree[path].kind is Kind.FILE and may_be_elf(tree[path]) and programs.elf_at(project, path):
            yield path


def _usual(project: Project, program: str) -> Iterator[str]:
    """What ``make install`` may have put beside the program, where nothing was built."""
    for prefix in prefixes(project):
        if prefix != "/usr" and program.startswith(f"{prefix}/") and any(_installs(step) for step in steps(project)):
            yield from_build(project, f"{prefix}/lib", to=f"{prefix}/lib")
            yield from_build(project, f"{prefix}/share", to=f"{prefix}/share")


def _installs(step: Step) -> bool:
    return any(word.value == "install" or word.text == "--install" for word in step.command.arguments[:3])


def _zones(project: Project) -> bool:
    return support.mentions(project, r"\b(localtime|localtime_r|tzset|zoned_time|zoneinfo)\b", _CODE)


def _strips(project: Project) -> bool:
    return support.there(project, _STRIP)
