"""What the given paths consist of: files, those of directories, and the members of zip archives."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from jettison.errors import InvalidInput, NotFound
from jettison.security.advisories import unpacked

#: Bytes of one member of a zip archive; the largest OSV record has 10 MB.
MEMBER = 64 << 20
#: Bytes of a zip archive's list of members, which is held in memory: 2 million members.
LISTING = 200 << 20
#: How deep directories may be nested.
_DEEPEST = 32


class Opener(Protocol):
    """Opens the content from its start."""

    def __call__(self) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a member of an archive. ``packed`` is its size on the disk in bytes, ``modified`` ISO 8601.

    ``named`` is whether the user gave this very file, so that it has to be understood.
    """

    name: str
    packed: int
    modified: str
    raw: Opener
    named: bool = False
    directory: Path | None = None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its content, unpacked; what is wrong with it is told with its name."""
        try:
            with self.raw() as raw:
                yield unpacked.opened(raw, self.packed)
        except unpacked.DAMAGED as error:
            raise InvalidInput(f"cannot read {self.name}: it is cut off or damaged: {_line(error)}") from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
            raise InvalidInput(f"cannot read {self.name}: {_line(error)}") from error
        except OSError as error:
            raise InvalidInput(f"cannot read {self.name}: {error.strerror or error}") from error


def parts(path: Path) -> Iterator[Part]:
    """Every part of ``path``, in the order of names. Raises ``NotFound``, ``InvalidInput`` for what is none."""
    if path.is_dir():
        for file in _files(path):
            yield from _of(file, named=False)
    elif path.is_file():
        yield from _of(path, named=True)
    else:
        raise NotFound(f"cannot read {path}: there is no such file or directory")


def _files(path: Path, depth: int = 0) -> Iterator[Path]:
    """Regular files below ``path``; links to directories are not followed, so that there are no loops."""
    if depth > _DEEPEST:
        raise InvalidInput(f"cannot read {path}: directories are nested too deeply")
    with os.scandir(path) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), depth + 1)
        elif entry.is_file():
            yield Path(entry.path)


def _of(path: Path, *, named: bool) -> Iterator[Part]:
    try:
        status = path.stat()
        with open(path, "rb") as file:
            zipped = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from error
    if zipped:
        yield from _members(path)
        return
    modified = datetime.fromtimestamp(status.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield Part(str(path), status.st_size, modified, partial(open, path, "rb"), named, path.parent)


def _members(path: Path) -> Iterator[Part]:
    try:
        _bounded(path)
        with zipfile.ZipFile(path) as archive:
            for member in archive.filelist:
                if not member.is_dir():
                    yield _member(path, archive, member)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidInput(f"cannot read {path}: it is cut off or no zip archive: {_line(error)}") from error


def _bounded(path: Path) -> None:
    """Raise for an archive whose list of members (APPNOTE 4.3.16, 4.3.14) would fill the memory."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - (1 << 16) - 22 - 76))
        tail = file.read()
    end, end64 = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    listing = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if listing == 0xFFFFFFFF:
        listing = int.from_bytes(tail[end64 + 40 : end64 + 48], "little") if end64 >= 0 else 0
    if listing > LISTING:
        raise InvalidInput(f"cannot read {path}: it has more members than all advisories together")


def _member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Part:
    year, month, day, *_ = member.date_time
    modified = f"{year:04}-{month:02}-{day:02}T00:00:00Z"
    return Part(f"{path}:{member.filename}", member.compress_size, modified, partial(_read, archive, member))


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """The member, whole: its check sum counts. The size that it announces is not believed."""
    with archive.open(member) as stream:
        data = stream.read(MEMBER + 1)
    if len(data) > MEMBER:
        raise ValueError(f"it has more than {MEMBER} bytes")
    return cast("BinaryIO", io.BytesIO(data))


def _line(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return text[:1].lower() + text[1:] if text else type(error).__name__
