"""Java: jars or classes on a Java runtime of the same version, or on one of only the modules that they use."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from jettison.bases import Needs, Variant
from jettison.closure.java import class_path
from jettison.filetree import Kind
from jettison.rewrite import shell
from jettison.rewrite.recipes import jvm, libraries, programs, support
from jettison.rewrite.recipes.command import Start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.launch import Launch, built_instead, launch, unwrapped
from jettison.rewrite.recipes.made import beside
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.sources import text_at
from jettison.rewrite.recipes.steps import steps

_BUILDERS = frozenset({"mvn", "mvnw", "gradle", "gradlew", "javac", "kotlinc", "ant", "jar"})
_SOURCES = (
    *jvm.SOURCES, "pom.xml", ".gradle", "gradlew", "gradlew.bat", "gradle.properties", "mvnw", "mvnw.cmd", "build.xml",
    "gradle-wrapper.jar", "gradle-wrapper.properties", "maven-wrapper.jar", "maven-wrapper.properties",
)  # fmt: skip
_MANIFESTS = ("pom.xml", ".gradle", ".gradle.kts", ".toml")
#: Libraries with machine code for glibc in their jars.
_NATIVE = (
    r"rocksdbjni|netty-tcnative|\bjna\b|snappy-java|leveldbjni|opencv|javacpp|conscrypt|jansi|onnxruntime|tensorflow"
)
_SPAWNS = r"\bProcessBuilder\b|\bgetRuntime\(\)\s*\.exec\(|\bgetRuntime\(\)\.exec\b"
_OUTPUT = re.compile(r"[\w./${}-]*\b(?:build|target|dist|out)/[\w./*-]+")
#: What a distribution of a program is packed in.
_ARCHIVE = re.compile(r"\.(tar|tgz|tar\.\w+|zip)$")
_DEPENDENCIES = re.compile(r"<outputDirectory>\s*\$\{project\.build\.directory\}/([\w./-]+)\s*<")


@dataclass(frozen=True, slots=True)
class Java:
    """A stage with a JDK whose program is a jar, a class, or what a build tool would start."""

    name: str = "java"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image with a runtime of the same version, then those with one that is made by jlink."""
        begin = unwrapped(project)
        last: tuple[str, ...] = ()
        if built := built_instead(project, begin.words):
            begin, last = Start(None, built.words, shell=False, changed=True), (built.step,)
        found = launch(project, begin)
        paths = _paths(project, begin, found)
        version = jvm.major(project)
        if not version or not paths or (found is None and not _builds(project)):
            return
        begin = _by_name(begin)
        yield from _Java(self.name, project, begin, found, paths, last).candidates()


@dataclass(frozen=True, slots=True)
class _Java:
    """What is known once the program is found. ``paths`` are what it is started with, absolute."""

    name: str
    project: Project
    begin: Start
    launch: Launch | None
    paths: tuple[str, ...]
    last: tuple[str, ...] = field(default=())

    def candidates(self) -> Iterator[Candidate]:
        project = self.project
        commands = support.mentions(project, _SPAWNS, jvm.SOURCES)
        more = commands or support.mentions(project, jvm.DRAWS, jvm.SOURCES)
        needs = Needs(shell=commands or self.begin.shell or self._is_script() or health_shell(project))
        rest = tuple(dict.fromkeys(self._rest()))
        native = support.mentions(project, _NATIVE, _MANIFESTS)
        for base in () if _needs_jdk(project) else support.bases(project, "java", str(jvm.major(project))):
            brought = libraries.brought(project, base, (), known=True, commands=more)
            if brought is not None and not (native and base.libc == "musl"):
                lines = [*support.surroundings(project, base, certificates=False), *_locale_files(project, base), *rest]
                final = Final(base.reference, lines, _reset(self.begin, base), brought.before, _locale(project, base))
                yield Candidate(self.name, compose(project, final, last=self.last), base, needs)
        if not (self.launch and self.launch.modular) and jvm.can_link(project):
            yield from self._linked(needs, rest, more)

    def _linked(self, needs: Needs, rest: tuple[str, ...], commands: bool) -> Iterator[Candidate]:
        """Those with a runtime that is made for the program."""
        project, known = self.project, self.project.tree is not None
        own = jvm.libraries(project)
        libc = programs.libc(project, own[:1])
        place = f"{posixpath.dirname(posixpath.dirname(own[0]))}/" if own else ""
        linked = tuple(lib for lib in libraries.linked(project, own) if not lib.path.startswith(place or "/opt/java/"))
        needed = replace(needs, libc=libc, libraries=() if known else ("libz.so.1",))
        fonts = ("fontconfig",) if support.mentions(project, jvm.DRAWS, jvm.SOURCES) else ()
        roots, nested = self._roots()
        last = (*self.last, *jvm.link(project, roots, nested=nested))
        for base in programs.bases(project, "native", libc):
            brought = libraries.brought(project, base, linked, known=True, commands=commands, more=fonts)
            if brought is None:
                continue
            lines = [*support.surroundings(project, base), *brought.copies, *_locale_files(project, base)]
            lines += [from_build(project, jvm.RUNTIME, to=jvm.RUNTIME), *rest]
            final = Final(base.reference, lines, self.begin, brought.before, _environment(project, base))
            yield Candidate(self.name, compose(project, final, last=last), base, needed)

    def _is_script(self) -> bool:
        return self.launch is None

    def _rest(self) -> Iterator[str]:
        """COPY lines for what the program is started with, and all beside it."""
        project = self.project
        skipped = {path for path in self.paths if path != project.workdir}
        skipped |= {posixpath.join(project.workdir, name) for name in (".gradle", ".mvn")}
        yield from beside(project, _SOURCES, skipped)
        for path in self.paths:
            if path != project.workdir:
                yield from_build(project, path, to=f"{posixpath.dirname(path)}/" if "*" in path else path)
            elif project.tree is None:
                yield from_build(project, path, to=path)

    def _roots(self) -> tuple[tuple[str, ...], bool]:
        """What jdeps reads; and whether that is a jar with jars in it."""
        project, jar = self.project, self.launch.jar if self.launch else ""
        boot = support.mentions(project, r"spring-boot-maven-plugin|org\.springframework\.boot", _MANIFESTS)
        archive = next((path for path in self.paths if _ARCHIVE.search(path)), jar if boot else "")
        if archive:
            return (archive,), True
        if self.launch is None:
            return tuple(f"{path}/lib/*.jar" for path in self.paths), False
        return tuple(f"{p}/*.jar" if _holds_jars(project, self.launch, p) else p for p in self.paths), False


def _paths(project: Project, begin: Start, found: Launch | None) -> tuple[str, ...]:
    """All files and directories that a start names, absolute; none where they are not there."""
    if found is None:
        paths = tuple(_named_outputs(project, begin))
    else:
        paths = tuple(dict.fromkeys(path.removesuffix("/*") for path in found.paths))
        paths += tuple(_beside_jar(project, found.jar)) if found.jar else ()
    there = tuple(path for path in paths if project.tree is None or "*" in path or project.tree.resolve(path))
    return there if not built_instead(project, begin.words) else paths


def _named_outputs(project: Project, begin: Start) -> Iterator[str]:
    """What a script names of the build's output; or the directory of the start script that Gradle made."""
    word = begin.words[0] if begin.words else ""
    path = posixpath.normpath(posixpath.join(project.workdir, word))
    if not begin.shell and "/install/" in path and posixpath.basename(posixpath.dirname(path)) == "bin":
        yield posixpath.dirname(posixpath.dirname(path))
    for command in shell.parse(begin.words[2], 0).commands if begin.shell else ():
        texts = (word.value for word in command.words if word.value)
        yield from (posixpath.normpath(posixpath.join(project.workdir, t)) for t in texts if _OUTPUT.fullmatch(t))


def _beside_jar(project: Project, jar: str) -> Iterator[str]:
    """The jars that a jar's manifest names, by their directory where they have one of their own."""
    place = posixpath.dirname(jar)
    entry = project.tree.resolve(jar) if project.tree is not None else None
    if entry is not None and entry.origin:
        named = [
            posixpath.normpath(posixpath.join(place, name.removeprefix("file:"))) for name in class_path(entry.origin)
        ]
        yield from dict.fromkeys(
            posixpath.dirname(path) if posixpath.dirname(path) != place else path for path in named
        )
    elif project.tree is None:
        found = _DEPENDENCIES.search(text_at(project, posixpath.join(project.workdir, "pom.xml")))
        if found and "<addClasspath>" in text_at(project, posixpath.join(project.workdir, "pom.xml")):
            yield posixpath.join(project.workdir, "target", found[1])


def _builds(project: Project) -> bool:
    return any(step.command.name in _BUILDERS for step in steps(project))


def _holds_jars(project: Project, found: Launch, path: str) -> bool:
    if f"{path}/*" in found.paths:
        return True
    entry = project.tree.resolve(path) if project.tree is not None else None
    if project.tree is None or entry is None:
        return bool(found.jar and path != found.jar and not path.endswith(".jar"))
    return entry.kind is Kind.DIRECTORY and any(p.endswith(".jar") for p in project.tree.children(entry.path))


def _needs_jdk(project: Project) -> bool:
    """Whether the program compiles, or steps put certificates into the JDK: another runtime would not do."""
    keys = any(step.command.name == "keytool" for step in steps(project))
    return keys or support.mentions(project, jvm.COMPILES, jvm.SOURCES)


def _by_name(begin: Start) -> Start:
    """A start whose ``java`` is found on PATH: it is elsewhere in each base."""
    for part in ("entrypoint", "cmd"):
        words = begin.entrypoint if part == "entrypoint" else begin.cmd
        if words and posixpath.basename(words[0]) == "java" and words[0] != "java":
            changed = ("java", *words[1:])
            if part == "entrypoint":
                return replace(begin, entrypoint=changed, changed=True)
            return replace(begin, cmd=changed, changed=True) if not begin.entrypoint else begin
        if words:
            return begin
    return begin


def _reset(begin: Start, base: Variant) -> Start:
    """A start that takes nothing of a base whose own ENTRYPOINT is ``java -jar``."""
    if base.family != "distroless" or begin.entrypoint:
        return begin
    return replace(begin, entrypoint=(), changed=True)


# -- the locale, which Java takes its encoding and its language from


def _locale(project: Project, base: Variant) -> Mapping[str, str]:
    if base.family == "eclipse-temurin":
        return {}
    given = {name: project.config.environment.get(name, "") for name in ("LANG", "LANGUAGE", "LC_ALL")}
    if _has_locales(project) and base.libc == "glibc":
        return {name: value for name, value in given.items() if value}
    return {"LANG": "C.UTF-8"} if "UTF-8" in given["LANG"].upper() else {}


def _locale_files(project: Project, base: Variant) -> Iterator[str]:
    if base.family != "eclipse-temurin" and base.libc == "glibc" and _has_locales(project):
        yield from_build(project, "/usr/lib/locale", to="/usr/lib/locale")


def _has_locales(project: Project) -> bool:
    """Whether the image has the locale that it names, as a file."""
    tree, name = project.tree, project.config.environment.get("LANG", "")
    named = name not in ("", "C", "POSIX", "C.UTF-8")
    return named and tree is not None and any(not path.endswith("/C.utf8") for path in tree.children("/usr/lib/locale"))


def _environment(project: Project, base: Variant) -> Mapping[str, str]:
    path = f"{jvm.RUNTIME}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"JAVA_HOME": jvm.RUNTIME, "PATH": path, **_locale(project, base)}
