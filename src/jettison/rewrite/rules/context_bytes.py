"""What is in the context, never beyond it: states and texts of files, and how much a COPY brings."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable

from jettison.dockerfile import Context
from jettison.dockerfile.context import clean
from jettison.dockerfile.model import Copy
from jettison.rewrite.model import Saving

_LONGEST = 4_000_000


def state(context: Context, path: str) -> os.stat_result | None:
    """Of a path that is not ignored, itself and not what it links to; ``None`` where there is none in the context."""
    path = clean(path)
    try:
        above = (context.directory / path).parent.resolve()
        inside = above.is_relative_to(context.directory.resolve()) and (not path or context.has(path))
        return os.lstat(context.directory / path) if inside else None
    except (OSError, ValueError, RuntimeError):
        return None


def content(context: Context, path: str) -> str | None:
    """The text of a regular file; ``None`` where there is none, or it is longer than anyone writes by hand."""
    found = state(context, path)
    if found is None or not stat.S_ISREG(found.st_mode) or found.st_size > _LONGEST:
        return None
    try:
        with open(context.directory / clean(path), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def saving(context: Context | None, copies: Iterable[Copy]) -> Saving | None:
    """Bytes of the files that are copied; ``None`` where one of the sources is not known."""
    counts = [_bytes(context, copy) if context else None for copy in copies]
    total = sum(count for count in counts if count is not None)
    return Saving(total, "measured: these files in the context") if counts and None not in counts else None


def _bytes(context: Context, copy: Copy) -> int | None:
    sources = [source.strip("\"'") for source in copy.sources]
    if (
        copy.from_
        or copy.heredocs
        or copy.exclude
        or any(re.search(r"[*?\[$\\]|://|\A<<", source) for source in sources)
    ):
        return None
    try:
        return sum(_size(context, clean(source)) for source in sources)
    except OSError:
        return None


def _size(context: Context, path: str) -> int:
    """Bytes of a file, or of all files below a directory that are not ignored. Raises ``OSError``."""
    status = state(context, path)
    if status is None:
        raise FileNotFoundError(path)
    if not stat.S_ISDIR(status.st_mode):
        return status.st_size if stat.S_ISREG(status.st_mode) else 0
    found = (os.lstat(context.directory / each) for each in context.paths(path))
    return sum(each.st_size for each in found if stat.S_ISREG(each.st_mode))
