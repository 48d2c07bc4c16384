"""Rust: the program that Cargo builds, stripped, on a base that has its C library."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs
from jettison.rewrite.recipes import cargo, libraries, programs, support
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.made import beside
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.moved import chosen, moved
from jettison.rewrite.recipes.spawned import spawned_packages
from jettison.rewrite.recipes.steps import Step, steps
from jettison.rewrite.recipes.system import system_files

_SOURCES = (".rs", "Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml", ".cargo/config.toml")
_STRIP = "/usr/bin/strip"
_DEBUG = "what is built is a debug build, as in the original: with --release it would be smaller and faster"


@dataclass(frozen=True, slots=True)
class Rust:
    """A stage that runs ``cargo build``, ``cargo install``, or starts with ``cargo run``."""

    name: str = "rust"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each base that the program can run on."""
        builds = tuple(step for step in steps(project) if cargo.builds(step.command))
        begin = start(project)
        last: tuple[str, ...] = ()
        run = cargo.run_words(begin.words)
        if run is not None:
            begin, last, made = _built_instead(project, *run)
        else:
            made = tuple(dict.fromkeys(path for step in builds for path in cargo.products(project, step)))
        places = moved(project, made)
        known = [path for group in places for path in group]
        found = programs.located(project, begin, known)
        if found is None:
            return
        binaries = chosen(places, programs.started(project, found, known))
        yield from _each_base(self.name, project, found, binaries, builds, last)


def _built_instead(
    project: Project, options: tuple[str, ...], arguments: tuple[str, ...]
) -> tuple[Start, tuple[str, ...], tuple[str, ...]]:
    """``cargo run`` as a step that builds and a start of what it built."""
    made = cargo.targets(project, project.workdir, options)[:1]
    last = (" ".join(["RUN cargo build", *options]),)
    return Start(made or None, arguments or None, shell=False, changed=True), last, made


def _each_base(
    name: str,
    project: Project,
    begin: Start,
    binaries: tuple[str, ...],
    builds: tuple[Step, ...],
    last: tuple[str, ...],
) -> Iterator[Candidate]:
    built = all(programs.elf_at(project, path) for path in binaries)
    linked = libraries.linked(project, binaries) if built else ()
    libc = programs.libc(project, binaries) if built else programs.system_libc(project)
    runs_commands = support.mentions(project, r"\bCommand::new\(", (".rs",))
    needs = Needs(libc if built or libc == "glibc" else "", shell=begin.shell or runs_commands or health_shell(project))
    more = spawned_packages(project, r"\bCommand::new\(\"([^\"]+)\"", (".rs",))
    notes = (_DEBUG,) if any("/debug/" in path for path in binaries) else ()
    steps_after = (*last, *_stripped(project, builds, binaries))
    for base in programs.bases(project, "rust", needs.libc):
        brought = libraries.brought(project, base, linked, known=built, commands=runs_commands, more=more)
        if brought is None:
            continue
        parts = [*support.surroundings(project, base), *brought.copies, *_beside(project, binaries)]
        parts += [*system_files(project, base, (".rs",)), *(from_build(project, path, to=path) for path in binaries)]
        final = Final(base.reference, parts, begin, brought.before, libraries.trust(project, linked, base))
        text = compose(project, final, last=steps_after)
        own = Needs(needs.libc, needs.shell, () if built else _unwinder(libc))
        yield Candidate(name, text, base, own, notes=(*notes, *brought.notes))


def _unwinder(libc: str) -> tuple[str, ...]:
    """Rust's own library unwinds with GCC's, where the program is not static."""
    return ("libgcc_s.so.1",) if libc == "glibc" else ()


def _beside(project: Project, binaries: tuple[str, ...]) -> Iterator[str]:
    targets = {posixpath.join(step.cwd, "target") for step in steps(project)} | {f"{project.workdir}/target"}
    yield from beside(project, _SOURCES, (*targets, *binaries))


def _stripped(project: Project, builds: tuple[Step, ...], binaries: tuple[str, ...]) -> Iterator[str]:
    """The step that takes symbols out, unless the project says itself what to strip.

    A setting for Cargo would do the same, but then nothing of the original's build could be used again.
    """
    places = [step.cwd for step in builds] or [project.workdir]
    if support.there(project, _STRIP) and not any(cargo.strips(project, place) for place in places):
        yield f"RUN strip {' '.join(binaries)}"
