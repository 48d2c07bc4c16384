"""Go: a static binary where the program needs no C, on nothing at all; else the binary on a small Debian."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from jettison.bases import Needs, Variant
from jettison.dockerfile import Instruction
from jettison.rewrite.model import Edit
from jettison.rewrite.recipes import libraries, support
from jettison.rewrite.recipes.borrowed import lend
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.made import beside
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.spawned import spawned_packages
from jettison.rewrite.recipes.steps import Step, after, steps, with_edits
from jettison.rewrite.recipes.system import system_files
from jettison.rewrite.shell import Word

#: Modules that are Go around a C library (or its source): they need cgo.
_C_MODULES = re.compile(
    r"github\.com/(mattn/go-sqlite3|confluentinc/confluent-kafka-go|google/gopacket|h2non/bimg|davidbyttow/govips"
    r"|DataDog/zstd|jmhodges/levigo|tecbot/gorocksdb|go-gl/|veandco/go-sdl2|pebbe/zmq4|libgit2/git2go)"
)
#: A program that a source starts by its name.
_STARTS = r'\bexec\.Command(?:Context\(\s*[\w.()]+\s*,|\()\s*"([^"]+)"'
_SOURCES = (".go", ".mod", ".sum", ".work")
_FLAGS = ("-trimpath", "-ldflags='-s -w'")


@dataclass(frozen=True, slots=True)
class Go:
    """A stage that runs ``go build``, ``go install``, or starts with ``go run``."""

    name: str = "go"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each base that the binary can run on."""
        built = tuple(step for step in steps(project) if step.command.name == "go" and _builds(step))
        begin = start(project)
        run = _run_words(begin)
        if not built and run is None:
            return
        cgo = _needs_c(project)
        last: tuple[str, ...] = ()
        if run is not None:
            target = posixpath.join(project.workdir, "app")
            package, arguments = run
            last = (
                f"RUN {'' if cgo else 'CGO_ENABLED=0 '}go build {' '.join(_FLAGS)} -o {target} {' '.join(package)}",
            )
            begin = Start((target,), arguments or None, shell=False, changed=True)
            binaries: tuple[str, ...] = (target,)
        else:
            binaries = tuple(dict.fromkeys(_binary(project, step) for step in built))
            begin = _absolute(project, begin, binaries)
        if begin.words and posixpath.join(project.workdir, begin.words[0]) not in binaries and not begin.shell:
            return  # something else is started
        yield from _each_base(self.name, project, begin, binaries, (_instead(built, cgo), last), cgo=cgo)


def _each_base(
    name: str,
    project: Project,
    begin: Start,
    binaries: tuple[str, ...],
    build: tuple[Mapping[Instruction, str], tuple[str, ...]],
    *,
    cgo: bool,
) -> Iterator[Candidate]:
    """One for each base; ``build`` are the changed steps of the build stage, and those at its end."""
    commands, known = _runs_commands(project), project.tree is not None
    needs = Needs(libc="glibc" if cgo else "", shell=begin.shell or commands or health_shell(project))
    linked = libraries.linked(project, binaries) if cgo and known else ()
    more = spawned_packages(project, _STARTS, (".go",))
    for base in support.bases(project, "golang", "1"):
        lent, wants = lend(project, base, needs, *binaries)
        if lent:
            brought = libraries.Brought(
                copies=tuple(libraries.library_copies(project, libraries.missing(linked, base)))
            )
        else:
            found = libraries.brought(project, base, linked, known=known or not cgo, commands=commands, more=more)
            if found is None:
                continue
            brought = found
        copies = [*_surroundings(project, base), *brought.copies, *beside(project, _SOURCES, binaries)]
        copies += [*system_files(project, base, (".go",)), from_build_each(project, binaries), *lent]
        final = Final(base.reference, copies, begin, brought.before)
        text = compose(project, final, instead=build[0], last=build[1])
        yield Candidate(name, text, base, wants, notes=brought.notes)


def from_build_each(project: Project, binaries: tuple[str, ...]) -> str:
    """One COPY for each binary, to where it was."""
    return "\n".join(from_build(project, binary, to=binary) for binary in binaries)


def _builds(step: Step) -> bool:
    first = step.command.operands[:1]
    return bool(first) and first[0].value in ("build", "install")


def _run_words(begin: Start) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The package and the arguments of ``go run``."""
    words = begin.words
    if words[:2] != ("go", "run"):
        return None
    count = 0
    while count < len(words) - 2 and (words[2 + count].endswith(".go") or not count):
        count += 1
    return words[2 : 2 + count] or (".",), words[2 + count :]


def _binary(project: Project, step: Step) -> str:
    """Where ``go build`` or ``go install`` puts the program; absolute."""
    words = step.command.arguments
    for at, word in enumerate(words[:-1]):
        if word.value == "-o" and (value := words[at + 1].value):
            path = step.at(value)
            return posixpath.join(path, _package_name(project, step)) if value.endswith("/") else path
    if step.command.operands[0].value == "install":
        root = project.config.environment.get("GOBIN") or "/go/bin"
        return posixpath.join(root, _package_name(project, step))
    return step.at(_package_name(project, step))


def _package_name(project: Project, step: Step) -> str:
    """A program is called as its package's directory; the module's last element at the root."""
    operands = [word.value or "." for word in step.command.operands[1:]]
    package = operands[-1] if operands else "."
    if package.endswith(".go"):
        return posixpath.basename(package).removesuffix(".go")
    name = posixpath.basename(posixpath.normpath(package))
    if name not in (".", ".."):
        return name
    module = re.search(r"^module\s+(\S+)", project.read("go.mod"), re.MULTILINE)
    parts = module[1].strip('"').split("/") if module else [posixpath.basename(step.cwd)]
    return parts[-2] if len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]) else parts[-1]


def _absolute(project: Project, begin: Start, binaries: tuple[str, ...]) -> Start:
    """With the whole path of the program, so that no shell and no PATH is needed to find it."""
    words = begin.words
    if not words or begin.shell or words[0].startswith("/"):
        return begin
    by_name = {posixpath.basename(binary): binary for binary in binaries}
    path = posixpath.normpath(posixpath.join(project.workdir, words[0])) if "/" in words[0] else by_name.get(words[0])
    if path not in binaries or path is None:
        return begin
    if begin.entrypoint:
        return replace(begin, entrypoint=(path, *begin.entrypoint[1:]), changed=True)
    return replace(begin, cmd=(path, *(begin.cmd or ())[1:]), changed=True)


def _needs_c(project: Project) -> bool:
    return bool(_C_MODULES.search(project.read("go.mod"))) or support.mentions(
        project, r'^\s*(?:import\s+)?"(?:C|plugin)"', (".go",)
    )


def _runs_commands(project: Project) -> bool:
    return support.mentions(project, r'"os/exec"', (".go",))


def _instead(built: tuple[Step, ...], cgo: bool) -> dict[Instruction, str]:
    """The build steps with flags that leave out symbols and, where no C is needed, the C library."""
    edits: dict[Instruction, list[Edit]] = {}
    for step in built:
        edits.setdefault(step.instruction, []).extend(_edits(step, cgo))
    return {instruction: with_edits(instruction, some) for instruction, some in edits.items()}


def _edits(step: Step, cgo: bool) -> Iterator[Edit]:
    command = step.command
    verb = command.operands[0]
    flags = [flag for flag in _FLAGS if flag.partition("=")[0] not in command.options]
    if flags:
        yield after(verb, " ".join(flags))
    elif word := _flags_without_strip(command.arguments):
        yield Edit(word.end - 1, word.end - 1, " -s -w")
    sets = any(text.startswith("CGO_ENABLED=") for text in command.assignments)
    if not cgo and not sets:
        yield Edit(command.start, command.start, "CGO_ENABLED=0 ")


def _flags_without_strip(words: tuple[Word, ...]) -> Word | None:
    """``-ldflags='…'`` in quotes that does not strip yet."""
    for word in words:
        if word.text.startswith("-ldflags") and word.text[-1] in "'\"" and "-s" not in word.text.split():
            return word
    return None


def _surroundings(project: Project, base: Variant) -> Iterator[str]:
    zones = support.mentions(project, r"\btime\.LoadLocation\(", (".go",))
    uploads = r"\b(TempDir|TempFile|MkdirTemp|CreateTemp|ParseMultipartForm|FormFile)\("
    temporary = support.mentions(project, uploads, (".go",))
    yield from support.surroundings(project, base, zones=zones, temporary=temporary)
