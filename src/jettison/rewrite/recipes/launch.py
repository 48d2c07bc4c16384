"""What a command line starts of Java, and with which files: ``java -jar``, ``java -cp``, a build tool that runs it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jettison.rewrite import shell
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.sources import text_at

#: Options of ``java`` whose value is the next word (``java --help``).
_VALUED = frozenset({
    "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules",
    "--add-opens", "--add-exports", "--add-reads", "--enable-native-access", "--source", "--patch-module",
})  # fmt: skip
_CLASS_PATH = ("-cp", "-classpath", "--class-path")
#: What the bases of Java put in front: it fills caches or adds certificates, and runs what follows.
_WRAPPERS = ("/__cacert_entrypoint.sh", "/usr/local/bin/mvn-entrypoint.sh")


@dataclass(frozen=True, slots=True)
class Launch:
    """``paths`` are jars and class path entries, absolute, ``lib/*`` as it is; ``jar`` that of ``-jar``.

    ``main`` is the class, where one is named; ``modular`` says that modules are resolved by name.
    """

    paths: tuple[str, ...]
    jar: str = ""
    main: str = ""
    modular: bool = False


def unwrapped(project: Project) -> Start:
    """The start without what the bases of Java put in front of every program."""
    config = project.config
    if config.entrypoint and len(config.entrypoint) == 1 and config.entrypoint[0] in _WRAPPERS:
        return start(replace(project, config=replace(config, entrypoint=None)))
    return start(project)


def launch(project: Project, begin: Start) -> Launch | None:
    """What ``java`` is told to run; ``None`` for another program, and for a source that it compiles first."""
    if begin.shell:
        return _in_script(project, begin.words[2])
    return _read(project, begin.words)


def _in_script(project: Project, text: str) -> Launch | None:
    script = shell.parse(text, 0)
    for command in script.commands:
        words = tuple(word.value if word.value is not None else word.text for word in command.proper)
        if command.name == "java" and (found := _read(project, words)):
            return found
    return None


def _read(project: Project, words: tuple[str, ...]) -> Launch | None:
    if not words or posixpath.basename(words[0]) != "java":
        return None
    paths, rest, modular = list[str](), list(words[1:]), False
    while rest and (rest[0].startswith("-") or "$" in rest[0]):
        word = rest.pop(0)
        if word == "-jar":
            jar = _absolute(project, rest[0]) if rest else ""
            return Launch((jar,), jar) if jar else None
        modular = modular or word in ("-m", "--module", "-p", "--module-path", "--add-modules")
        value = rest.pop(0) if word in _VALUED and rest else word.partition("=")[2]
        if word in _CLASS_PATH or word.startswith("--class-path="):
            paths = [_absolute(project, entry) for entry in value.split(":") if entry]
    if not rest or rest[0].endswith(".java") or "$" in rest[0]:
        return None
    return Launch(tuple(paths or _from_environment(project)), "", rest[0], modular)


def _from_environment(project: Project) -> Iterator[str]:
    named = project.config.environment.get("CLASSPATH", ".")
    yield from (_absolute(project, entry) for entry in named.split(":") if entry)


def _absolute(project: Project, path: str) -> str:
    return posixpath.normpath(posixpath.join(project.workdir, path))


# -- build tools that run the program


@dataclass(frozen=True, slots=True)
class Built:
    """Instead of a build tool that runs the program: a step that builds it, and the words that start it."""

    step: str
    words: tuple[str, ...]


def built_instead(project: Project, words: tuple[str, ...]) -> Built | None:
    """For ``mvn exec:java``, ``mvn spring-boot:run``, ``gradle run`` and ``gradle bootRun``; ``None`` otherwise."""
    if not words:
        return None
    tool = posixpath.basename(words[0])
    tasks = [word for word in words[1:] if not word.startswith("-")]
    if tool in ("mvn", "mvnw"):
        return _maven(project, words, tasks)
    return _gradle(project, words, tasks) if tool in ("gradle", "gradlew") else None


def _maven(project: Project, words: tuple[str, ...], tasks: list[str]) -> Built | None:
    pom = text_at(project, posixpath.join(project.workdir, "pom.xml"))
    if "spring-boot:run" in tasks:
        name = pom_name(pom)
        step = f"RUN {words[0]} -B -DskipTests package"
        return Built(step, ("java", "-jar", f"target/{name}.jar")) if name else None
    if "exec:java" not in tasks:
        return None
    given = next((word.partition("=")[2] for word in words if word.startswith("-Dexec.mainClass=")), "")
    main = given or _element(pom, "mainClass") or _element(pom, "exec.mainClass")
    step = f"RUN {words[0]} -B compile dependency:copy-dependencies -DincludeScope=runtime"
    return Built(step, ("java", "-cp", "target/classes:target/dependency/*", main)) if _is_class(main) else None


def _gradle(project: Project, words: tuple[str, ...], tasks: list[str]) -> Built | None:
    text = "".join(text_at(project, posixpath.join(project.workdir, f"build.gradle{end}")) for end in ("", ".kts"))
    settings = [text_at(project, posixpath.join(project.workdir, f"settings.gradle{end}")) for end in ("", ".kts")]
    named = re.search(r"rootProject\.name\s*=\s*['\"]([\w.-]+)['\"]", "".join(settings))
    name = named[1] if named else posixpath.basename(project.workdir)
    if tasks == ["bootRun"]:
        version = re.search(r"^version\s*=?\s*['\"]([\w.-]+)['\"]", text, re.MULTILINE)
        jar = f"build/libs/{name}{f'-{version[1]}' if version else ''}.jar"
        return Built(f"RUN {words[0]} --no-daemon bootJar", ("java", "-jar", jar))
    main = re.search(r"mainClass(?:Name)?(?:\.set\(|\s*=)\s*['\"]([\w.$]+)['\"]", text)
    if tasks != ["run"] or main is None:
        return None
    return Built(f"RUN {words[0]} --no-daemon installDist", ("java", "-cp", f"build/install/{name}/lib/*", main[1]))


def pom_name(pom: str) -> str:
    """The name of the jar that Maven packs, without its ending; ``""`` where it takes more than the text to tell."""
    own = re.sub(r"<(parent|dependencies|plugins|profiles|dependencyManagement)>.*?</\1>", "", pom, flags=re.DOTALL)
    found = _element(own, "finalName") or "${project.artifactId}-${project.version}"
    parent = re.search(r"<parent>.*?</parent>", pom, re.DOTALL)
    version = _element(own, "version") or (_element(parent[0], "version") if parent else "")
    for key, value in (("artifactId", _element(own, "artifactId")), ("version", version)):
        found = found.replace(f"${{project.{key}}}", value).replace(f"${{{key}}}", value)
    return "" if "$" in found or not version else found


def _element(text: str, name: str) -> str:
    found = re.search(rf"<{re.escape(name)}>\s*([^<\s]+)\s*</", text)
    return found[1] if found else ""


def _is_class(name: str) -> bool:
    return bool(re.fullmatch(r"[\w.$]+", name)) and "$" not in name[:1]
