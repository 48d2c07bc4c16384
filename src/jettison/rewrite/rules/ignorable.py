"""What of a context need not be sent: found by names, measured, and as lines for a .dockerignore."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jettison.dockerfile import Context
from jettison.dockerfile.model import Copy
from jettison.rewrite.rules.context_bytes import content
from jettison.rewrite.sheet import Sheet

#: Name -> line of the .dockerignore.
_ALWAYS = {
    **{name: f"**/{name}" for name in (
        ".svn", ".hg", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".nyc_output",
        ".idea", ".vscode", ".DS_Store", ".terraform", ".gradle", ".parcel-cache", ".env", ".ssh", ".aws", "id_rsa",
        "id_ed25519", "npm-debug.log",
    )},
    ".git": ".git",
}  # fmt: skip
_ENDINGS = {".log": "**/*.log", ".pyc": "**/*.pyc", ".swp": "**/*.swp"}
#: Name -> what stands beside it where it is the result of an installation, and the programs that make it anew.
_INSTALLED = {
    "node_modules": (("package.json",), r"\b(?:npm|yarn|pnpm|bun)\b"),
    "bower_components": (("bower.json",), r"\bbower\b"),
}
_BUILT = {
    "target": (("Cargo.toml", "pom.xml", "build.sbt"), r"\b(?:cargo|mvnw?|sbt)\b"),
    "dist": (("package.json", "pyproject.toml", "setup.py"), r"\brun\s+build|\byarn\s+build|\bbuild\b"),
    "build": (("build.gradle", "build.gradle.kts", "package.json"), r"\bgradlew?\b|\brun\s+build|\byarn\s+build"),
    ".next": (("package.json",), r"\brun\s+build|\bnext\s+build|\byarn\s+build"),
    "coverage": (("package.json",), r""),
}
_VERSIONS_BY_GIT = re.compile(r"\bgit\s|setuptools[_-]scm|hatch-vcs|versioningit|dunamai|poetry-dynamic-versioning")
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Ignorable:
    """A line for the .dockerignore, and how many bytes of the context it would leave out."""

    line: str
    bytes: int


def ignorable(context: Context, sheet: Sheet | None = None) -> tuple[Ignorable, ...]:
    """What is in the context, not ignored yet, and not used by the Dockerfile as far as its text tells; largest first.

    Without a sheet, what a build usually makes itself counts as made by it. Never raises for what is in a directory.
    """
    shell = "\n".join(script.text for stage in sheet.stages for _, script in sheet.runs(stage)) if sheet else None
    named = _named(sheet) if sheet else frozenset()
    found: dict[str, int] = {}
    for path, line, size in _walk(context, shell):
        if not any(f"/{path}/".find(f"/{name}/") >= 0 for name in named):
            found[line] = found.get(line, 0) + size
    return tuple(
        sorted((Ignorable(line, size) for line, size in found.items()), key=lambda each: (-each.bytes, each.line))
    )


def propose(context: Context, sheet: Sheet | None = None) -> str:
    """The lines that a .dockerignore lacks, to be put behind those it has; ``""`` for none."""
    return "".join(f"{each.line}\n" for each in sorted(ignorable(context, sheet), key=lambda each: each.line))


def _named(sheet: Sheet) -> frozenset[str]:
    """Paths that COPY and ADD name: who names them wants them."""
    return frozenset(
        source.strip("\"'").removeprefix("./").strip("/")
        for stage in sheet.stages
        for instruction in stage.instructions
        if isinstance(instruction.payload, Copy) and not instruction.payload.from_
        for source in instruction.payload.sources
    ) - {"", "."}


def _walk(context: Context, shell: str | None) -> Iterator[tuple[str, str, int]]:
    """Paths to ignore with their line and bytes; at most so many directory entries are looked at."""
    waiting, seen = [""], 0
    while waiting and seen < _MOST:
        below = waiting.pop()
        entries = _entries(context, below)
        names = {entry.name for entry in entries}
        seen += len(entries)
        for entry in entries:
            path = f"{below}/{entry.name}".lstrip("/")
            if context.ignore.matches(path):
                continue
            line = _line(context, entry, names, shell)
            if line:
                yield path, line, _size(entry)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)


def _entries(context: Context, below: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(context.directory / below) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _line(context: Context, entry: os.DirEntry[str], names: set[str], shell: str | None) -> str:
    name = entry.name
    if name == ".git":
        return "" if _asks_git(context, shell or "") else ".git"
    if name in (".venv", "venv", "env") and os.path.isfile(os.path.join(entry.path, "pyvenv.cfg")):
        return f"**/{name}"
    beside, makes = {**_INSTALLED, **_BUILT}.get(name, ((), ""))
    if names & set(beside) and (shell is None or re.search(makes, shell)):
        return f"**/{name}"
    ending = os.path.splitext(name)[1]
    return _ALWAYS.get(name, "") or (_ENDINGS.get(ending, "") if entry.is_file(follow_symlinks=False) else "")


def _asks_git(context: Context, shell: str) -> bool:
    texts = [shell, *(content(context, name) or "" for name in ("pyproject.toml", "setup.py", "setup.cfg"))]
    return any(_VERSIONS_BY_GIT.search(text) for text in texts)


def _size(entry: os.DirEntry[str]) -> int:
    """Bytes of a file, or of all files below a directory."""
    try:
        if not entry.is_dir(follow_symlinks=False):
            return entry.stat(follow_symlinks=False).st_size
        places = (os.path.join(top, name) for top, _, names in os.walk(entry.path) for name in names)
        return sum(os.lstat(place).st_size for place in places)
    except OSError:
        return 0
