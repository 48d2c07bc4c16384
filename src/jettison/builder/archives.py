"""ADD's archives: recognised by their content, unpacked over what is there."""

from __future__ import annotations

import bz2
import lzma
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, cast

from jettison.builder.change import Workspace
from jettison.builder.copying import Copier
from jettison.errors import InvalidArchive
from jettison.oci import codec
from jettison.oci.unpack import unpack

_BLOCK = 512
_MAGIC = slice(257, 262)


def is_archive(path: str) -> bool:
    """Whether Docker would unpack it: a tar, plain or compressed by gzip, bzip2, xz or zstd, whatever its name."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return False
    try:
        with opened(path) as plain:
            head = plain.read(_BLOCK)
    except (InvalidArchive, OSError, EOFError, lzma.LZMAError):
        return False
    return len(head) == _BLOCK and (head[_MAGIC] == b"ustar" or _has_checksum(head))


def _has_checksum(head: bytes) -> bool:
    """A tar header of before POSIX has no magic, but a sum of its bytes (tar(5))."""
    try:
        noted = int(head[148:156].split(b"\0")[0].strip() or b"x", 8)
    except ValueError:
        return False
    return noted == sum(head[:148]) + sum(head[156:]) + 8 * 32


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The decompressed content."""
    with ExitStack() as stack:
        file = stack.enter_context(open(path, "rb"))
        compression = codec.sniff(file.read(16))
        file.seek(0)
        if compression == "bzip2":
            yield cast(BinaryIO, stack.enter_context(bz2.open(file)))
        elif compression == "xz":
            yield cast(BinaryIO, stack.enter_context(lzma.open(file)))
        else:
            yield codec.reader(file, compression)


def unpack_into(path: str, target: str, space: Workspace, owner: tuple[int, int] | None) -> None:
    """Unpack into the directory ``target``: owners, modes and times are the archive's, unless ``owner`` is given.

    It is unpacked beside the root file system first, where nothing is in its way that could lead it astray.
    """
    if owner is None and not os.listdir(target):
        _unpack(path, target)
        return
    aside = space.scratch / "archive"
    aside.mkdir()
    _unpack(path, str(aside))
    Copier(space.root.path, owner).content(str(aside), target, lambda _inside: True)


def _unpack(path: str, directory: str) -> None:
    try:
        with opened(path) as plain:
            unpack(plain, directory)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise InvalidArchive(f"cannot unpack {os.path.basename(path)}: {error}") from error
