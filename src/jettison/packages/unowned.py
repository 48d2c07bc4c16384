"""Programs and scripts that no package has: nobody can tell what is in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from jettison.filetree import FileEntry, FileTree, Kind
from jettison.packages.model import Package

_SOURCES = (".js", ".mjs", ".cjs", ".py", ".pyc", ".rb", ".pl", ".pm", ".php", ".sh", ".lua", ".tcl")
#: Archives of Python's modules.
PYTHON = (".egg", ".whl", ".pyz", ".pyzw", ".pex")
#: The others are of Java, .NET, PHP, Ruby and Electron.
_ARCHIVES = (".jar", ".war", ".ear", ".class", ".dll", ".exe", ".wasm", ".phar", ".gem", ".asar", *PYTHON)
#: Where Yarn keeps packages packed, and runs them from there (Plug'n'Play).
YARN = re.compile(r".*/\.yarn/(?:.*/)?cache/[^/]+\.zip", re.DOTALL)
#: What a linker takes, not what runs; a kernel module runs, and is an ELF file like any program.
_OBJECTS = (".o", ".a")
_READ = 4
#: Bytes behind the ``#!`` line in which the zip archive of a zipapp begins; PEX puts a shell script there.
_PREAMBLE = 64 << 10
#: Where Python keeps the compiled form of ``<directory>/<name>.py`` (PEP 3147).
_COMPILED = re.compile(r"(?P<directory>.*)/__pycache__/(?P<name>[^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc", re.DOTALL)
#: The scripts that a Debian package runs when it is installed and removed (Debian Policy, 6.1), and its questions.
_MAINTAINER = re.compile(r"(?P<package>/var/lib/dpkg/info/[^/]+)\.(?:preinst|postinst|prerm|postrm|config)")

#: RubyGems keeps what it installed packed in ``cache``, and its record in ``specifications`` (Gem::Specification).
_GEM = re.compile(r"(?P<home>.*)/cache/(?P<name>[^/]+)\.gem", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unowned:
    """A file of ``kind`` ``elf``, ``script`` or ``archive`` that no package has."""

    path: str
    kind: str
    bytes: int


def unowned(tree: FileTree, packages: Iterable[Package]) -> tuple[Unowned, ...]:
    """Every program and script that is no package's, sorted by path; a hard-linked file once."""
    owned = {path for package in packages for path in package.files}
    found, seen = [], set()
    for path in sorted(set(tree) - owned):
        entry = tree[path]
        if entry.kind is not Kind.FILE or not entry.size or entry.inode in seen or _is_derived(tree, path):
            continue
        kind = _kind(tree, entry)
        if kind:
            found.append(Unowned(path, kind, entry.size))
            seen |= {entry.inode} - {None}
    return tuple(found)


def _is_derived(tree: FileTree, path: str) -> bool:
    """Whether another file stands for it: a compiled script's source, a gem's record, a maintainer script's list."""
    if gem := _GEM.fullmatch(path):
        return f"{gem['home']}/specifications/{gem['name']}.gemspec" in tree
    if path.endswith(".pyc"):
        compiled = _COMPILED.fullmatch(path)
        return compiled is not None and f"{compiled['directory']}/{compiled['name']}.py" in tree
    script = _MAINTAINER.fullmatch(path)
    return script is not None and f"{script['package']}.list" in tree


def _kind(tree: FileTree, entry: FileEntry) -> str:
    extension = os.path.splitext(entry.path)[1]
    if extension in _ARCHIVES or YARN.fullmatch(entry.path):
        return "archive"
    if extension in _OBJECTS:
        return ""
    start = tree.read(entry, _READ)
    if start == b"\x7fELF":
        return "elf"
    if start.startswith(b"#!"):
        return "archive" if is_zipapp(tree, entry) else "script"
    return "script" if extension in _SOURCES else ""


def is_zipapp(tree: FileTree, entry: FileEntry) -> bool:
    """Whether a zip archive follows a ``#!`` line (Python, zipapp)."""
    return tree.read(entry, 2) == b"#!" and b"\nPK\x03\x04" in tree.read(entry, _PREAMBLE)
