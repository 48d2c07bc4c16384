"""Reading JSON, TOML and text of an image, which may be anything: what cannot be read is told, and is nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from jettison.filetree import FileTree, Kind
from jettison.packages.model import Gap

#: Bytes; the biggest lock files have 3 MB.
LIMIT = 16 << 20
T = TypeVar("T")


def parsed(tree: FileTree, path: str, parse: Callable[[bytes], T], tell: Callable[[Gap], None]) -> T | None:
    """What ``parse`` makes of the file at ``path``; ``None`` for what is no file, too big, or raises ``ValueError``."""
    entry = tree[path]
    if entry.kind is not Kind.FILE:
        return None
    if entry.size > LIMIT:
        tell(Gap(path, f"bigger than {LIMIT >> 20} MiB"))
        return None
    try:
        return parse(tree.read(entry, LIMIT))
    except (ValueError, RecursionError, OSError) as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        tell(Gap(path, f"not readable ({said})"))
        return None


def json_object(data: bytes) -> Mapping[str, Any]:
    """A JSON object; raises ``ValueError`` for anything else."""
    document = json.loads(data)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def objects(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The members of a JSON object that are objects themselves; of a list, with an empty name. Else nothing."""
    pairs = (
        value.items() if isinstance(value, dict) else [("", item) for item in value] if isinstance(value, list) else ()
    )
    for name, item in pairs:
        if isinstance(item, dict):
            yield name, item


def string(value: object) -> str:
    """The value where it is a text, else ``""``."""
    return value if isinstance(value, str) else ""
