"""Package records in the Dockerfile: trimmed by the original's own shell, to what is true of what is kept.

The rules are simpler than those of ``jettison.packages.trim``: a line stays whose path is there. What they give is
worked out here as well, so that the plan has it to the last byte; where it would tell of other packages than
``trim`` does, or of a path that is not there, the records are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jettison.filetree import FileTree, Kind
from jettison.packages import Package, trim
from jettison.rewrite.observation import apk_records, dpkg_records
from jettison.rewrite.observation.tools import Tools
from jettison.rewrite.observation.view import View, Writing

_NAMES = re.compile(rb"^(?:Package: |P:)(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Records:
    """``script``: lines of shell, without continuation marks; ``written``: what they write, path -> content.

    ``copied`` are records that stay as they are, ``dropped`` those that go; ``packages`` are the names of what
    remains in the records.
    """

    script: tuple[str, ...] = ()
    written: Mapping[str, bytes] = field(default_factory=dict)
    copied: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def records(tree: FileTree, packages: Iterable[Package], kept: frozenset[str], tools: Tools, directory: str) -> Records:
    """How the records come to what is true when ``kept`` paths are below ``directory`` in the build."""
    trimmed = trim(tree, packages, kept)
    wanted = {path: content for path, content in trimmed.items() if content is not None}
    copied = frozenset(path for path, content in wanted.items() if _is_as_it_was(tree, path, content))
    dropped = frozenset(trimmed) - copied
    if copied >= wanted.keys():
        return Records(copied=copied, dropped=dropped)
    view = View(tree, kept - dropped | copied, directory)
    writing = dpkg_records.write(view, wanted) or apk_records.write(view, wanted)
    reason = _refused(tree, wanted, writing, tools)
    if writing is None or reason:
        note = f"package records are left out, so that scanners cannot tell what is there: {reason}"
        return Records(dropped=dropped | copied, notes=(note,))
    written = frozenset(writing.written)
    return Records(writing.script, writing.written, copied - written, dropped - written, writing.packages)


def _is_as_it_was(tree: FileTree, path: str, content: bytes) -> bool:
    entry = tree[path]
    return entry.kind is Kind.FILE and entry.size == len(content) and tree.read(entry) == content


def _refused(tree: FileTree, wanted: Mapping[str, bytes], writing: Writing | None, tools: Tools) -> str:
    """Why the records are not written; ``""`` if they are."""
    if writing is None:
        return f"nothing is known that would trim {min(wanted)}"
    lacking = tools.lacks("sh", *writing.needs)
    if lacking:
        return f"the original has no {', no '.join(lacking)} to trim them with"
    if writing.refused:
        return writing.refused
    for path, content in writing.written.items():
        odd = path in tree and (tree[path].kind, tree[path].mode, tree[path].uid) != (Kind.FILE, 0o644, 0)
        if odd or sorted(_NAMES.findall(content)) != sorted(_NAMES.findall(wanted.get(path, b""))):
            return f"{path} is not as it is elsewhere"
    return ""
