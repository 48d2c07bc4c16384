""".NET: what ``dotnet publish`` writes, on the ASP.NET or .NET runtime of the same version."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.bases import Needs, language
from jettison.errors import InvalidReference
from jettison.rewrite.recipes import libraries, support
from jettison.rewrite.recipes.command import Start, start
from jettison.rewrite.recipes.compose import Final, compose, from_build
from jettison.rewrite.recipes.health import health_shell
from jettison.rewrite.recipes.model import Candidate, Project
from jettison.rewrite.recipes.sources import in_context, listing, text_at
from jettison.rewrite.recipes.steps import Step, steps

#: Where what is published goes, if the original publishes nothing.
PUBLISHED = "/app/publish"
_ENDINGS = (".csproj", ".fsproj", ".vbproj")
_VALUED = frozenset({
    "-c", "--configuration", "-o", "--output", "-r", "--runtime", "-f", "--framework", "--project", "-v", "--verbosity",
    "-a", "--arch", "--os", "--version-suffix", "--urls", "--launch-profile", "-lp",
})  # fmt: skip
_SPAWNS = r"\bProcess\.Start\(|\bProcessStartInfo\b"
_CODE = (".cs", ".fs", ".vb")
#: The Alpine images know no cultures (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT); a program that formats for them notices.
_CULTURES = r"\bCultureInfo\b|\bToString\(\"[CDFN]\d?\"|\bTimeZoneInfo\b"


@dataclass(frozen=True, slots=True)
class DotNet:
    """A stage on the SDK that runs ``dotnet build``, ``publish`` or ``run``."""

    name: str = "dotnet"

    def candidates(self, project: Project) -> Iterator[Candidate]:
        """One for each image with the runtime of the same version."""
        version = _version(project)
        begin = start(project)
        found = _published(project) or _run(project, begin) or _built(project, begin)
        if not version or found is None or begin.shell:
            return
        run = _started(project, begin, found)
        text = text_at(project, found.source)
        if run is None or _is_native(text):
            return
        environment = _ports(project, version) if _is_web(text) else {}
        spawns = support.mentions(project, _SPAWNS, _CODE)
        needs = Needs(shell=spawns or health_shell(project), tz=support.mentions(project, r"\bTimeZoneInfo\b", _CODE))
        cultures = support.mentions(project, _CULTURES, _CODE)
        for base in support.bases(project, "dotnet" if _is_web(text) else "dotnet-runtime", version):
            brought = libraries.brought(project, base, (), known=True, commands=spawns)
            if brought is None or (cultures and base.libc == "musl"):
                continue
            lines = [*support.surroundings(project, base), from_build(project, found.directory, to=found.directory)]
            final = Final(base.reference, lines, run, brought.before, environment)
            yield Candidate(self.name, compose(project, final, last=found.last), base, needs, notes=found.notes)


@dataclass(frozen=True, slots=True)
class _Output:
    """A directory with a program's files, the program's own one in it, its project file, and how it comes about."""

    directory: str
    dll: str
    source: str
    last: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _version(project: Project) -> str:
    image = project.stage.base.image
    try:
        known = None if "$" in image else language(image, project.extra)
    except InvalidReference:
        return ""
    return known[1] if known and known[0].startswith("dotnet") else ""


def _published(project: Project) -> _Output | None:
    """What the last ``dotnet publish`` writes."""
    for step in reversed(steps(project)):
        words = [word.value or "" for word in step.command.arguments]
        if step.command.name == "dotnet" and words[:1] == ["publish"]:
            source = _project_file(project, step.cwd, _operand(words[1:]))
            directory = _option(words, "-o", "--output")
            place = step.at(directory) if directory else _usual_place(project, step, source, words)
            return _Output(place, _assembly(project, source), source) if place and source else None
    return None


def _usual_place(project: Project, step: Step, source: str, words: list[str]) -> str:
    """``bin/CONFIGURATION/FRAMEWORK/publish`` beside the project file."""
    text = text_at(project, source)
    framework = re.search(r"<TargetFramework>\s*([\w.-]+)\s*<", text)
    newer = framework is not None and _number(framework[1]) >= 8  # .NET 8 publishes Release unless told otherwise
    configuration = _option(words, "-c", "--configuration") or ("Release" if newer else "Debug")
    if framework is None or _option(words, "-r", "--runtime"):
        return ""
    return posixpath.join(posixpath.dirname(source), "bin", configuration, framework[1], "publish")


def _number(framework: str) -> int:
    found = re.match(r"net(\d+)", framework)
    return int(found[1]) if found else 0


def _run(project: Project, begin: Start) -> _Output | None:
    """``dotnet run`` as a step that publishes, and a start of what it wrote."""
    words = list(begin.words)
    if words[:2] not in (["dotnet", "run"], ["dotnet", "watch"]):
        return None
    source = _project_file(project, project.workdir, _option(words, "--project"))
    arguments = tuple(words[words.index("--") + 1 :]) if "--" in words else ()
    return _publishing(project, source, arguments) if source else None


def _built(project: Project, begin: Start) -> _Output | None:
    """The output of ``dotnet build``, started by its path: it is published instead."""
    named = next((word for word in begin.words if "/bin/" in f"/{word}" and word.endswith(".dll")), "")
    builds = any(step.command.runs("dotnet", "build") for step in steps(project))
    if not named or not builds:
        return None
    path = posixpath.normpath(posixpath.join(project.workdir, named))
    source = _project_file(project, path[: path.rfind("/bin/")], "")
    found = _publishing(project, source, tuple(begin.words[begin.words.index(named) + 1 :])) if source else None
    return found if found and found.dll == posixpath.basename(path) else None


def _publishing(project: Project, source: str, arguments: tuple[str, ...]) -> _Output:
    step = f"RUN dotnet publish -c Release -o {PUBLISHED} {source}"
    note = "the program is built for Release; the original starts what is built for Debug"
    return _Output(PUBLISHED, _assembly(project, source), source, (step,), arguments, (note,))


def _started(project: Project, begin: Start, found: _Output) -> Start | None:
    """The start of what is published, by its whole path; ``None`` where it is something else."""
    whole = posixpath.join(found.directory, found.dll)
    if found.last:
        return Start(("dotnet", whole), found.arguments or None, shell=False, changed=True)
    words = begin.words
    named = words[1] if words[:1] == ("dotnet",) and len(words) > 1 else words[0] if words else ""
    place = posixpath.normpath(posixpath.join(project.workdir, named))
    return begin if place in (whole, whole.removesuffix(".dll")) else None


def _ports(project: Project, version: str) -> dict[str, str]:
    """Where ASP.NET listens: its images say so, the SDK's takes that back (dotnet/dotnet-docker, sdk Dockerfiles)."""
    if any(name in project.config.environment for name in ("ASPNETCORE_URLS", "URLS", "HTTP_PORTS")):
        return {}
    major = version.partition(".")[0]
    newer = not major.isdecimal() or int(major) >= 8
    name = "ASPNETCORE_HTTP_PORTS" if newer else "ASPNETCORE_URLS"
    return {name: project.config.environment.get(name, "")}


def _project_file(project: Project, directory: str, named: str) -> str:
    """The project file that a command means: one that is named, or the only one of a directory; absolute."""
    path = posixpath.normpath(posixpath.join(directory, named))
    if path.endswith(_ENDINGS):
        return path if text_at(project, path) else ""
    if path.endswith((".sln", ".slnx")):
        path = posixpath.dirname(path)
    found = [name for name in listing(project, path) if name.endswith(_ENDINGS)]
    if not found and in_context(project, path) is not None:
        below = ((name, listing(project, f"{path}/{name}")) for name in listing(project, path))
        found = [f"{folder}/{name}" for folder, names in below for name in names if name.endswith(_ENDINGS)]
    return posixpath.join(path, found[0]) if len(found) == 1 else ""


def _assembly(project: Project, source: str) -> str:
    named = re.search(r"<AssemblyName>\s*([\w.-]+)\s*<", text_at(project, source))
    return f"{named[1] if named else posixpath.splitext(posixpath.basename(source))[0]}.dll"


def _is_web(text: str) -> bool:
    return "Microsoft.NET.Sdk.Web" in text or "Microsoft.AspNetCore.App" in text


def _is_native(text: str) -> bool:
    """Whether a program brings its runtime, or is compiled whole: then it is another kind of program."""
    return bool(re.search(r"<(PublishAot|SelfContained|PublishSingleFile)>\s*true", text, re.IGNORECASE))


def _option(words: list[str], *names: str) -> str:
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in names:
            return after
        if word.partition("=")[0] in names and "=" in word:
            return word.partition("=")[2]
    return ""


def _operand(words: list[str]) -> str:
    pairs = zip(["", *words], words, strict=False)
    return next((word for before, word in pairs if not word.startswith("-") and before not in _VALUED), "")
