"""Java: the jars that a manifest's Class-Path names, and the native libraries that a runtime loads by name."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

from jettison.closure.model import Edge, Evidence
from jettison.filetree import FileEntry, FileTree

_MANIFEST_LIMIT = 1 << 20
_DAMAGED = (OSError, EOFError, LookupError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_CLASS_PATH = re.compile(r"^Class-Path:(.*(?:\n .*)*)", re.MULTILINE | re.IGNORECASE)


class Jars:
    """Closer: ``Class-Path`` of a kept jar (JAR specification, "Class-Path attribute")."""

    name = "java"

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if not entry.name.endswith((".jar", ".war")) or not entry.origin:
            return
        for name in class_path(entry.origin):
            path = name.removeprefix("file:")
            path = path if path.startswith("/") else f"{entry.parent}/{path}"
            if tree.resolve(path):
                yield Edge(path, Evidence("import", entry.path))


def class_path(jar: str) -> list[str]:
    """What a jar's manifest names; nothing for a jar that cannot be read."""
    try:
        with zipfile.ZipFile(jar) as archive, archive.open("META-INF/MANIFEST.MF") as manifest:
            text = manifest.read(_MANIFEST_LIMIT).decode("utf-8", "replace").replace("\r\n", "\n")
    except _DAMAGED:
        return []
    found = _CLASS_PATH.search(text)
    return found[1].replace("\n ", "").split() if found else []
