"""Shell scripts: commands by name, and files that are sourced.

Every word at the place of a command is looked up on PATH. A script that is kept is one that runs, so its commands are
needed; words of strings and arguments are left to the mentions of the application's own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jettison.closure.model import Edge, Evidence
from jettison.closure.names import Names
from jettison.filetree import FileEntry, FileTree

_LIMIT = 1 << 20
_SHELL = re.compile(rb"#!\s*\S*/(?:env\s+(?:-\S+\s+)*)?(?:ba|da|k|z|a)?sh\b")
_SEPARATOR = re.compile(r"[\n;|&(){}`]|\$\(|\b(?:then|else|elif|do|if|while|until|time|exec|command|builtin|sudo|xargs"
                        r"|env|nohup|nice)\b|!(?=\s)")  # fmt: skip
_ASSIGNMENTS = re.compile(r"(?:[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\S*)\s+)*")
_WORD = re.compile(r"(?:\"([^\"$]+)\"|'([^']+)'|([\w./+\[-][\w./+-]*))(?=\s|$)")
_SOURCED = re.compile(r"(?:^|[;&|]|\s)(?:\.|source)\s+(?:\"([^\"$]+)\"|([\w./-]+))")


class Commands:
    """Closer: commands and sourced files of kept shell scripts."""

    name = "shell"

    def __init__(self, tree: FileTree, names: Names) -> None:
        self._tree, self._names = tree, names

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if entry.size > _LIMIT or not (entry.mode & 0o111 or entry.name.endswith((".sh", ".bash"))):
            return
        head = tree.read(entry, 128)
        if not _SHELL.match(head) and not entry.name.endswith((".sh", ".bash")):
            return
        text = tree.read(entry).decode("utf-8", "replace")
        evidence = Evidence("script", entry.path)
        for word in commands(text):
            path = word if word.startswith("/") else self._names.command(word)
            if path and tree.resolve(path):
                yield Edge(path, evidence)
        for quoted, plain in _SOURCED.findall(text):
            path = quoted or plain
            path = path if path.startswith("/") else f"{entry.parent}/{path}"
            if tree.resolve(path):
                yield Edge(path, evidence)


def commands(text: str) -> set[str]:
    """The words at which a command may stand. Too many rather than too few: they are looked up afterwards."""
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"(?m)(?:^|(?<=\s))#.*$", "", text)
    found = set()
    for part in _SEPARATOR.split(text):
        rest = part.strip()
        rest = rest[_ASSIGNMENTS.match(rest).end() :]  # type: ignore[union-attr]
        match = _WORD.match(rest)
        if match:
            found.add(next(group for group in match.groups() if group))
    return found
