"""The build context: a directory, seen through its ``.dockerignore``, and never beyond it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jettison.dockerfile.ignore import Ignore, read
from jettison.errors import InvalidInput, NotFound

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Context:
    """A directory and what of it is ignored. Paths are relative with ``/``; ``""`` is the directory itself."""

    directory: Path
    ignore: Ignore = field(default_factory=Ignore)

    def paths(self, below: str = "") -> Iterator[str]:
        """Every path below ``below`` that is not ignored, a directory before its content, sorted.

        A directory that is ignored but holds exceptions is given too, if something in it is.
        """
        held: list[str] = []
        waiting = self._children(below) if self._is_inside(below) else []
        while waiting:
            path, is_directory = waiting.pop()
            while held and not path.startswith(f"{held[-1]}/"):
                held.pop()
            if not self.ignore.matches(path):
                yield from held
                held.clear()
                yield path
            elif is_directory and self.ignore.may_except_below(path):
                held.append(path)
            else:
                continue
            if is_directory:
                waiting += self._children(path)

    def _children(self, path: str) -> list[tuple[str, bool]]:
        """What is in a directory, last name first, each with whether it is a directory."""
        try:
            with os.scandir(self.directory / path) as found:
                names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
        except NotADirectoryError:
            return []
        names.sort(reverse=True)
        return [(f"{path}/{name}" if path else name, is_directory) for name, is_directory in names]

    def _is_inside(self, path: str) -> bool:
        return (self.directory / path).resolve().is_relative_to(self.directory.resolve())

    def has(self, path: str) -> bool:
        """Whether ``path`` is there and not ignored (a directory counts where something in it does)."""
        if not path:
            return True
        outside = self.directory / path
        if not os.path.lexists(outside):
            return False
        if not self.ignore.matches(path):
            return True
        return self.ignore.may_except_below(path) and _is_directory(outside) and any(self.paths(path))

    def digest(self, path: str) -> str:
        """A hash over a path and all below it: names, kinds, modes, targets, content; not times and owners.

        Raises ``NotFound`` where nothing is there.
        """
        outside = self.directory / path
        if not os.path.lexists(outside):
            raise NotFound(f"cannot read {path}: it is not in the context {self.directory}")
        total = hashlib.sha256()
        for inside in [path, *(self.paths(path) if _is_directory(outside) else ())]:
            total.update(f"{inside[len(path) :]}\0".encode("utf-8", "surrogateescape"))
            total.update(_digest(self.directory / inside))
        return total.hexdigest()


def _is_directory(path: Path) -> bool:
    return stat.S_ISDIR(os.lstat(path).st_mode)


def _digest(path: Path) -> bytes:
    status = os.lstat(path)
    found = hashlib.sha256(f"{stat.S_IFMT(status.st_mode)} {stat.S_IMODE(status.st_mode)}\0".encode())
    if stat.S_ISLNK(status.st_mode):
        found.update(os.fsencode(os.readlink(path)))
    elif stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            while data := file.read(_CHUNK):
                found.update(data)
    return found.digest()


def clean(path: str) -> str:
    """A path of the context without ``.``, ``..`` and a leading ``/``; what leads out stays at the top."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def open_context(directory: Path, dockerfile: Path | None = None) -> Context:
    """The context in ``directory``. ``NAME.dockerignore`` beside the Dockerfile goes before ``.dockerignore``."""
    if not directory.is_dir():
        raise NotFound(f"cannot build {directory}: it is not a directory")
    for candidate in (
        dockerfile and dockerfile.with_name(f"{dockerfile.name}.dockerignore"),
        directory / ".dockerignore",
    ):
        if candidate and candidate.is_file():
            try:
                return Context(directory, read(candidate.read_text(encoding="utf-8")))
            except UnicodeDecodeError as error:
                raise InvalidInput(f"cannot read {candidate}: it is not UTF-8") from error
    return Context(directory)
