"""Scripts: the interpreter that the first line names (execve(2), env(1))."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from jettison.closure.model import Edge, Evidence
from jettison.closure.names import Names
from jettison.filetree import FileEntry, FileTree

_LINE_LIMIT = 256  # what Linux reads of a first line


class Shebang:
    """Closer: ``#!/bin/sh``, ``#!/usr/bin/env python3``, ``#!/usr/bin/env -S node --flag``."""

    name = "script"

    def __init__(self, names: Names) -> None:
        self._names = names

    def edges(self, tree: FileTree, entry: FileEntry) -> Iterator[Edge]:
        """See ``Closer.edges``."""
        if entry.size < 4 or (not entry.mode & 0o111 and "." not in entry.name):
            return
        words = interpreter(tree.read(entry, _LINE_LIMIT))
        evidence = Evidence("script", entry.path)
        for number, word in enumerate(words):
            path = word if word.startswith("/") else self._names.command(word)
            if path and (number == 0 or path in tree or tree.resolve(path)):
                yield Edge(path, evidence)


def interpreter(head: bytes) -> list[str]:
    """The programs of a first line: the interpreter, and what ``env`` looks for."""
    if not head.startswith(b"#!"):
        return []
    line = head[2:].partition(b"\n")[0].decode("utf-8", "replace").strip()
    program, _, rest = line.replace("\t", " ").partition(" ")
    if not program.startswith("/"):
        return []
    if program.rpartition("/")[2] != "env":
        return [program]
    return [program, *_after_env(rest)]


def _after_env(rest: str) -> list[str]:
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.split()
    for word in words:
        if not word.startswith("-") and "=" not in word:
            return [word]
    return []
