"""The Java of the image that builds, and how a runtime of only some of its modules is made (JEP 282, jlink)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from jettison.bases import language
from jettison.errors import InvalidReference
from jettison.rewrite.recipes import support
from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.sources import text_at
from jettison.rewrite.recipes.steps import steps

RUNTIME = "/opt/java/runtime"
SOURCES = (".java", ".kt", ".kts", ".scala", ".groovy")
#: Modules that are found by name while a program runs, which no class file tells, small enough to have always.
_ALWAYS = ("jdk.crypto.ec", "jdk.unsupported", "jdk.zipfs", "java.naming", "java.management", "jdk.charsets")
_LOCALES = r"\b(Locale|DateTimeFormatter|NumberFormat|DateFormat|ResourceBundle|Collator|Currency|TextStyle)\b"
_FRAMEWORK = r"org\.springframework|io\.quarkus|io\.micronaut|jakarta\.|hibernate"
_FRAMEWORK_MODULES = ("java.sql", "java.instrument", "java.security.jgss", "jdk.management", "jdk.localedata")
#: Shared libraries of a JDK that only what draws, sounds or reads smart cards loads.
_DESKTOP = re.compile(
    r"/lib(awt\w*|fontmanager|freetype|javajpeg|lcms|mlib_image|splashscreen|jsound|jawt|j2pcsc|sctp)\.so$"
)
#: What compiles while it runs needs a JDK, or this module.
COMPILES = r"\bjavax\.tools\b|\bToolProvider\b"
DRAWS = r"\b(java\.awt|javax\.imageio|javax\.swing|org\.apache\.(pdfbox|poi|batik|fop)|net\.sf\.jasperreports)\b"


def major(project: Project) -> int:
    """The version of Java that builds, as 8 or 17; 0 where it is not known."""
    text = text_at(project, posixpath.join(home(project), "release"))
    found = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', text)
    if found:
        return int(found[1])
    image = project.stage.base.image
    try:
        known = None if "$" in image else language(image, project.extra)
    except InvalidReference:
        known = None
    if known and known[0] == "java" and known[1].isdecimal():
        return int(known[1])
    named = (re.search(r"(?:openjdk|java)-?(\d+)", word.text) for s in steps(project) for word in s.command.operands)
    return next((int(hit[1]) for hit in named if hit), 0)


def home(project: Project) -> str:
    """Where the JDK is: ``JAVA_HOME``, else where distributions have theirs."""
    given = project.config.environment.get("JAVA_HOME", "")
    if given or project.tree is None:
        return given or "/opt/java/openjdk"
    found = [path for path in project.tree.children("/usr/lib/jvm") if f"{path}/release" in project.tree]
    return found[0] if found else "/opt/java/openjdk"


def can_link(project: Project) -> bool:
    """Whether the JDK can make runtimes: it has its modules, or is one that needs no files of them (JEP 493)."""
    version = major(project)
    if version < 9:
        return False
    return project.tree is None or version >= 24 or bool(project.tree.children(f"{home(project)}/jmods"))


def libraries(project: Project) -> tuple[str, ...]:
    """The launcher and the shared libraries of the JDK that a program needs."""
    if project.tree is None:
        return ()
    draws = support.mentions(project, DRAWS, SOURCES)
    place = project.tree.walk(home(project))[0] or home(project)
    found = [p for p in project.tree.below(f"{place}/lib") if p.endswith(".so") and (draws or not _DESKTOP.search(p))]
    return (f"{place}/bin/java", *found)


def link(project: Project, roots: Sequence[str], *, nested: bool = False) -> Iterator[str]:
    """Lines for the build stage that make a runtime with the modules that the class files at ``roots`` use.

    ``nested`` says that the first root is an archive with jars in it, which must be unpacked to be read.
    """
    version = major(project)
    files = " ".join(roots)
    lines = ["# A Java of the modules that the program uses"]
    unpack = ""
    if nested:
        tool = "tar" if re.search(r"\.(tar|tgz|tar\.\w+)$", roots[0]) else "jar"
        unpack = f"mkdir /tmp/unpacked && cd /tmp/unpacked && {tool} xf {roots[0]} \\\n && "
        files = "$(find . -name '*.jar') $(find . -type d -name classes)"
    shorter = "--strip-java-debug-attributes" if version >= 13 else "--strip-debug"
    compress = "zip-6" if version >= 21 else "2"
    lines.append(
        f"RUN {unpack}modules=$(jdeps --ignore-missing-deps --multi-release {version} --print-module-deps \\\n"
        f"      {files}) \\\n"
        f" && jlink --output {RUNTIME} \\\n"
        f'      --add-modules "$modules,{",".join(modules(project))}" \\\n'
        f"      {shorter} --no-man-pages --no-header-files --compress={compress}"
        f"{_trust(project)}"
    )
    yield from lines


def _trust(project: Project) -> str:
    """The authorities of the JDK, which steps may have added to; its modules have those that it came with."""
    if project.tree is None and not project.config.environment.get("JAVA_HOME"):
        return ""
    return f" \\\n && cp -L {home(project)}/lib/security/cacerts {RUNTIME}/lib/security/cacerts"


def modules(project: Project) -> tuple[str, ...]:
    """The modules to have besides those that class files name."""
    found = dict.fromkeys(_ALWAYS)
    if support.mentions(project, COMPILES, SOURCES):
        found["jdk.compiler"] = None
    if support.mentions(project, _LOCALES, SOURCES):
        found["jdk.localedata"] = None
    if support.mentions(project, _FRAMEWORK, (*SOURCES, "pom.xml", ".gradle")):
        found |= dict.fromkeys(_FRAMEWORK_MODULES)
    return tuple(found)
