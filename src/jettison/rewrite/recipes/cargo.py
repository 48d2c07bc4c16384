"""What Cargo builds and where it puts it (The Cargo Book: "Cargo Targets", "Build cache", "cargo build")."""

from __future__ import annotations

import fnmatch
import posixpath
import tomllib
from collections.abc import Iterator
from typing import Any

from jettison.rewrite.recipes.model import Project
from jettison.rewrite.recipes.sources import listing, text_at
from jettison.rewrite.recipes.steps import Step
from jettison.rewrite.shell import Command

#: Options with a value in the next word.
_VALUED = frozenset({
    "--bin", "--example", "-p", "--package", "--target", "--profile", "--target-dir", "--manifest-path", "--features",
    "-F", "-j", "--jobs", "--color", "--config", "--path", "--root", "--git", "--branch", "--tag", "--rev", "--version",
    "--exclude", "-Z", "--message-format", "--test", "--bench",
})  # fmt: skip


def builds(command: Command) -> bool:
    """Whether a command is ``cargo build`` or ``cargo install``, on whichever toolchain."""
    return command.name == "cargo" and _verb(command) in ("build", "b", "install")


def run_words(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The options and the program's arguments of ``cargo run``; ``None`` for another command line."""
    if words[:2] not in (("cargo", "run"), ("cargo", "r")):
        return None
    rest = words[2:]
    at = 0
    while at < len(rest) and rest[at].startswith("-") and rest[at] != "--":
        at += 2 if rest[at] in _VALUED else 1
    options, arguments = rest[:at], rest[at:]
    quiet = tuple(option for option in options if option not in ("-q", "--quiet"))
    return quiet, arguments[1:] if arguments[:1] == ("--",) else arguments


def strips(project: Project, directory: str) -> bool:
    """Whether the project says itself what to strip."""
    profiles = _manifest(project, _workspace(project, directory)).get("profile")
    release = profiles.get("release") if isinstance(profiles, dict) else None
    return isinstance(release, dict) and "strip" in release


def profile(words: tuple[str, ...]) -> str:
    """The directory that is called as the profile: ``release``, ``debug``, or one's own."""
    named = _option(words, "--profile")
    if named:
        return "debug" if named == "dev" else named
    return "release" if {"--release", "-r"} & set(words) or words[:1] == ("install",) else "debug"


def products(project: Project, step: Step) -> tuple[str, ...]:
    """Where a step puts programs; absolute."""
    words = tuple(word.value or word.text for word in step.command.arguments)
    words = words[1:] if words[:1] and words[0].startswith("+") else words
    if _verb(step.command) != "install":
        return targets(project, step.cwd, words[1:])
    root = _option(words, "--root") or _environment(project, "CARGO_INSTALL_ROOT")
    root = root or _environment(project, "CARGO_HOME") or _cargo_home(project)
    path = _option(words, "--path")
    names = _names(project, step.at(path), words) if path else tuple(_operands(words[1:]))
    return tuple(posixpath.join(step.at(root), "bin", name.partition("@")[0]) for name in names)


def targets(project: Project, directory: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The programs that ``cargo build`` with these options makes in a directory; absolute."""
    manifest = _option(words, "--manifest-path")
    directory = posixpath.normpath(posixpath.join(directory, posixpath.dirname(manifest)))
    settings = _settings(project, directory)
    place = _option(words, "--target-dir") or _environment(project, "CARGO_TARGET_DIR") or settings.get("target-dir")
    triple = _option(words, "--target") or _environment(project, "CARGO_BUILD_TARGET") or settings.get("target")
    base = posixpath.join(_workspace(project, directory), str(place or "target"))
    base = posixpath.join(base, str(triple or ""), profile(words))
    example = _option(words, "--example")
    if example:
        return (posixpath.join(base, "examples", example),)
    return tuple(posixpath.normpath(posixpath.join(base, name)) for name in _names(project, directory, words))


def _cargo_home(project: Project) -> str:
    return "/usr/local/cargo" if project.stage.base.image.partition(":")[0].endswith("rust") else "/root/.cargo"


def _verb(command: Command) -> str:
    words = [word.value or "" for word in command.arguments]
    return next((word for word in words if not word.startswith(("+", "-"))), "")


def _names(project: Project, directory: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The programs of a package, or of all that a workspace's options choose."""
    chosen = _options(words, "--bin")
    if chosen:
        return chosen
    wanted = _options(words, "-p", "--package")
    found: dict[str, None] = {}
    for member in _members(project, directory):
        name = _package(project, member)
        if not wanted or name in wanted:
            found |= dict.fromkeys(_binaries(project, member, name))
    return tuple(found)


def _members(project: Project, directory: str) -> Iterator[str]:
    manifest = _manifest(project, directory)
    if "package" in manifest or "project" in manifest:
        yield directory
    workspace = manifest.get("workspace")
    members = workspace.get("members", []) if isinstance(workspace, dict) else []
    for pattern in members if isinstance(members, list) else []:
        parent, _, last = str(pattern).rpartition("/")
        names = [last] if "*" not in last else listing(project, f"{directory}/{parent}")
        for name in names:
            place = posixpath.normpath(posixpath.join(directory, parent, name))
            if fnmatch.fnmatchcase(name, last) and _manifest(project, place):
                yield place


def _package(project: Project, directory: str) -> str:
    manifest = _manifest(project, directory)
    package = manifest.get("package") or manifest.get("project")
    return str(package.get("name", "")) if isinstance(package, dict) else ""


def _binaries(project: Project, directory: str, name: str) -> Iterator[str]:
    manifest = _manifest(project, directory)
    tables = manifest.get("bin")
    named = [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
    yield from (str(table.get("name")) for table in named if table.get("name"))
    package = manifest.get("package")
    if isinstance(package, dict) and package.get("autobins") is False:
        return
    files = listing(project, f"{directory}/src")
    if "main.rs" in files and not any(table.get("path") == "src/main.rs" for table in named):
        yield name
    for file in listing(project, f"{directory}/src/bin"):
        if file.endswith(".rs") or "main.rs" in listing(project, f"{directory}/src/bin/{file}"):
            yield file.removesuffix(".rs")


def _workspace(project: Project, directory: str) -> str:
    """The directory whose target/ is used: that of the workspace that a package is in."""
    above = directory
    while above not in ("/", ""):
        if "workspace" in _manifest(project, above):
            return above
        above = posixpath.dirname(above)
    return directory


def _manifest(project: Project, directory: str) -> dict[str, Any]:
    return _toml(text_at(project, posixpath.join(directory, "Cargo.toml")))


def _settings(project: Project, directory: str) -> dict[str, Any]:
    """``[build]`` of the project's ``.cargo/config.toml``."""
    names = (".cargo/config.toml", ".cargo/config")
    texts = (text_at(project, posixpath.join(directory, name)) for name in names)
    build = next((_toml(text) for text in texts if text), {}).get("build")
    return build if isinstance(build, dict) else {}


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _environment(project: Project, name: str) -> str:
    return project.config.environment.get(name, "")


def _option(words: tuple[str, ...], *names: str) -> str:
    return next(iter(_options(words, *names)), "")


def _options(words: tuple[str, ...], *names: str) -> tuple[str, ...]:
    """The values of an option, given as ``--bin x`` or ``--bin=x``."""
    found = [after for word, after in zip(words, (*words[1:], ""), strict=True) if word in names and after]
    found += [word.partition("=")[2] for word in words if "=" in word and word.partition("=")[0] in names]
    return tuple(found)


def _operands(words: tuple[str, ...]) -> Iterator[str]:
    for before, word in zip(("", *words), words, strict=False):
        if not word.startswith("-") and before not in _VALUED:
            yield word
