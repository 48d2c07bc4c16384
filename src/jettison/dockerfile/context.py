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
        outside = self.directory / below
        try:
            names = sorted(os.listdir(outside))
        except NotADirectoryError:
            return
        for name in names:
            path = f"{below}/{name}" if below else name
            ignored = self.ignore.matches(path)
            directory = stat.S_ISDIR(os.lstat(outside / name).st_mode)
            if not ignored:
                yield path
                if directory:
                    yield from self.paths(path)
            elif directory and self.ignore.has_exceptions:
                inside = list(self.paths(path))
                if inside:
                    yield path
                    yield from inside

    def has(self, path: str) -> bool:
        """Whether ``path`` is there and not ignored (a directory counts where something in it does)."""
        if not path:
            return True
        outside = self.directory / path
        if not os.path.lexists(outside):
            return False
        if not self.ignore.matches(path):
            return True
        return self.ignore.has_exceptions and stat.S_ISDIR(os.lstat(outside).st_mode) and any(self.paths(path))

    def digest(self, path: str) -> str:
        """A hash over a path and all below it: names, kinds, modes, targets, content; not times and owners."""
        total = hashlib.sha256()
        for inside in [path, *(self.paths(path) if (self.directory / path).is_dir() else ())]:
            total.update(f"{inside[len(path) :]}\0".encode("utf-8", "surrogateescape"))
            total.update(_digest(self.directory / inside))
        return total.hexdigest()


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
